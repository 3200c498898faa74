"""The theme and language menu, which stands on pages of both sites."""

import pytest
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER

MENU = "/accounts/preferences/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8080"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8081"},
        {"origin": "null"},
        {"origin": ""},
    ],
)
def test_a_form_from_elsewhere_is_refused(
    client: Client, vera: User, headers: dict[str, str]
) -> None:
    client.force_login(vera)
    answer = client.post(MENU, {"language": "pt-br"}, headers=headers)
    assert answer.status_code == 403
    assert "django_language" not in answer.cookies
    vera.refresh_from_db()
    assert vera.language == ""


@pytest.mark.parametrize(
    "form",
    [
        {"theme": "neon"},
        {"theme": "dark\x00"},
        {"theme": "dark; secure"},
        {"language": "fr"},
        {"language": "en\r\nSet-Cookie: a=b"},
        {"language": "pt-br", "theme": "x" * 10_000},
    ],
)
def test_a_value_that_is_not_on_the_menu_is_refused(client: Client, form: dict[str, str]) -> None:
    answer = client.post(MENU, form)
    assert answer.status_code == 400
    assert not {"theme", "django_language"} & set(answer.cookies)


def test_a_get_changes_nothing(client: Client) -> None:
    assert client.get(MENU, {"theme": "dark"}).status_code == 405


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://localhost:8080"}]
)
def test_a_page_of_either_site_may_send_it_without_a_token(
    db: None, headers: dict[str, str]
) -> None:
    strict = Client(headers=BROWSER, enforce_csrf_checks=True)
    answer = strict.post(MENU, {"theme": "dark", "next": "/products/?q=x"}, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/products/?q=x")
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("dark", 31_536_000, "/")
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", "")


def test_the_language_is_kept_in_the_browser_and_with_the_person(
    client: Client, vera: User
) -> None:
    client.force_login(vera)
    answer = client.post(MENU, {"language": "pt-br", "next": "/accounts/profile/"})
    assert answer.cookies["django_language"].value == "pt-br"
    assert "theme" not in answer.cookies
    vera.refresh_from_db()
    assert vera.language == "pt-br"
    assert "Perfil" in client.get("/accounts/profile/").content.decode()


def test_somebody_signed_out_may_choose_too(client: Client) -> None:
    client.post(MENU, {"language": "pt-br"})
    assert "Entrar" in client.get("/accounts/login/").content.decode()
