"""Every page: nothing inline, all headers, both languages."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, last_code
from tests.routes import all_routes

ENTRANCE = [
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
]
INSIDE = [
    "/accounts/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/tokens/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/logout/",
]
ADMIN = [
    "/accounts/admin/accounts/user/",
    "/accounts/admin/accounts/user/add/",
    "/accounts/admin/accounts/personchange/",
]
SAME = {
    "E-mail",
    "English",
    "Português",
    "Amara Okafor",
    "amara@example.com",
    "vera@example.com",
    "ana@example.com",
}


class Page(HTMLParser):
    """Collects what the content security policy would refuse, and the words of the main part."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.words: set[str] = set()
        self._in_main = self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_main = self._in_main or tag == "main"
        self._in_script = tag == "script"
        is_data = given.get("type") == "application/json"  # which no browser runs
        if tag == "style" or (tag == "script" and not given.get("src") and not is_data):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            value = given.get(name) or ""
            if re.match(r"(https?:)?//|javascript:", value):
                self.inline.append(value)

    def handle_data(self, data: str) -> None:
        if self._in_main and not self._in_script and re.search("[a-z]{3}", data):
            self.words.add(" ".join(data.split()))


def sound_page(client: Client, path: str, language: str) -> Page:
    """Get a page, check what holds for all of them, and return its parts."""
    client.cookies["django_language"] = language
    answer = client.get(path)
    text = answer.content.decode()
    page = Page(text)
    assert page.inline == []
    assert f'<html lang="{language}"' in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(answer.content) < 50_000
    return page


def assert_in_both_languages(client: Client, path: str) -> None:
    english, portuguese = (sound_page(client, path, code).words for code in ("en", "pt-br"))
    assert english and portuguese
    assert english & portuguese <= SAME


@pytest.mark.parametrize("path", ENTRANCE)
def test_pages_for_everybody(client: Client, path: str) -> None:
    assert_in_both_languages(client, path)


@pytest.mark.parametrize("path", INSIDE + ADMIN)
def test_pages_for_those_inside(client: Client, amara: User, path: str) -> None:
    client.force_login(amara)
    assert_in_both_languages(client, path)


def test_pages_in_the_middle_of_something(client: Client, vera: User) -> None:
    client.post("/accounts/password/reset/", {"email": vera.email})
    assert_in_both_languages(client, "/accounts/password/reset/confirm/")
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    assert_in_both_languages(client, "/accounts/password/reset/complete/")
    new = {"name": "Ana Lima", "email": "ana@example.com", "password1": PASSWORD}
    client.post("/accounts/signup/", new)
    assert_in_both_languages(client, "/accounts/confirm-email/")


def test_no_route_is_forgotten_here(client: Client) -> None:
    """A new page must be added to one of the lists above, or to those that are no pages."""
    no_pages = {
        "/accounts/",  # leads to the profile
        "/accounts/preferences/",
        "/accounts/.well-known/jwks.json",
        "/accounts/healthz",
        "/accounts/readyz",
        "/accounts/internal/renewal/",
    }
    mid_way = {
        "/accounts/confirm-email/",
        "/accounts/password/reset/confirm/",
        "/accounts/password/reset/complete/",
        "/accounts/password/set/",  # for those who have none
        "/accounts/login/code/confirm/",
        "/accounts/invitations/<str:token>/",
        "/accounts/tokens/new/",
        "/accounts/tokens/<uuid:token_id>/revocation/",
        # test_passkey_pages.py shows these
        "/accounts/2fa/authenticate/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/webauthn/login/",
        "/accounts/2fa/webauthn/reauthenticate/",
        "/accounts/2fa/webauthn/keys/<int:pk>/edit/",
        "/accounts/2fa/webauthn/keys/<int:pk>/remove/",
    }
    elsewhere = ("/accounts/admin/", "/accounts/api/", "/accounts/_allauth/")
    found = {f"/{path}" for path in all_routes()}
    ours = {path for path in found if not path.startswith(elsewhere)}
    assert ours == no_pages | mid_way | set(ENTRANCE) | set(INSIDE)


def test_the_rate_limit_page_is_one_of_ours(client: Client) -> None:
    for _ in range(30):
        client.post("/accounts/signup/", {})
    answer = client.post("/accounts/signup/", {})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_cookies_of_the_site_have_names_of_their_own(client: Client, vera: User) -> None:
    client.force_login(vera)
    client.get("/accounts/profile/")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert name.startswith("__Host-id_")
    answer = client.get("/accounts/login/")
    assert "sessionid" not in answer.cookies
