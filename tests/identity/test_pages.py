"""Every page: nothing inline, all headers, both languages."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, last_code

ENTRANCE = [
    "/accounts/login/",
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
    "/accounts/logout/",
]
ADMIN = ["/accounts/admin/accounts/user/"]
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
        self._in_main = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_main = self._in_main or tag == "main"
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            value = given.get(name) or ""
            if re.match(r"(https?:)?//|javascript:", value):
                self.inline.append(value)

    def handle_data(self, data: str) -> None:
        if self._in_main and re.search("[a-z]{3}", data):
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

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
        paths: list[str] = []
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                paths += walk(pattern.url_patterns, path)
            else:
                paths.append(path)
        return paths

    no_pages = {
        "/accounts/",  # leads to the profile
        "/accounts/preferences/",
        "/accounts/.well-known/jwks.json",
        "/accounts/healthz",
        "/accounts/readyz",
    }
    mid_way = {
        "/accounts/confirm-email/",
        "/accounts/password/reset/confirm/",
        "/accounts/password/reset/complete/",
        "/accounts/password/set/",  # everybody has a password
        "/accounts/login/code/confirm/",  # allauth routes it though codes are off
    }
    found = {f"/{path}" for path in walk(get_resolver().url_patterns, "")}
    ours = {path for path in found if not path.startswith("/accounts/admin/")}
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
