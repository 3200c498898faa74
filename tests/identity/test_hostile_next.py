"""No form leads anywhere but to our own pages, whatever its `next` says."""

from collections.abc import Callable

import pytest
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, last_code
from tests.identity.factors import AUTHENTICATE, give_app, recovery_code

HOSTILE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "http:evil.example",
    "http:///evil.example/",
    "https:/evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hello",
    "http://localhost:8080@evil.example/",
    "http://localhost:8080.evil.example/",
    "http://localhost:8081/",
    "http://localhost/",
    "https://localhost:8080.evil.example/",
    "//localhost:8081/",
    "//user@evil.example/",
    "ftp://localhost:8080/",
    "http://[::1]:8080/",
    "http://[evil.example/",
    "/\x00/evil.example/",
    "\x01//evil.example/",
    "profile",
    "foo",
]


@pytest.mark.parametrize("following", HOSTILE)
def test_a_hostile_next_leads_to_the_stock_after_signing_in(
    client: Client, vera: User, following: str
) -> None:
    client.force_login(vera)
    answer = client.get("/accounts/login/", {"next": following})
    refused = "\x00" in following
    assert (answer.status_code, answer.get("Location")) == ((400, None) if refused else (302, "/"))


@pytest.mark.parametrize("following", HOSTILE)
def test_a_hostile_next_leads_to_the_stock_after_the_menu(client: Client, following: str) -> None:
    answer = client.post("/accounts/preferences/", {"theme": "dark", "next": following})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def by_password(client: Client, user: User, following: str) -> list[str]:
    form = {"login": user.email, "password": PASSWORD, "next": following}
    return [client.post("/accounts/login/", form).headers["Location"]]


def by_code(client: Client, user: User, following: str) -> list[str]:
    asked = client.post("/accounts/login/code/", {"email": user.email, "next": following})
    confirm = {"code": last_code(), "next": following}
    let_in = client.post("/accounts/login/code/confirm/", confirm)
    return [asked.headers["Location"], let_in.headers["Location"]]


def by_second_step(client: Client, user: User, following: str) -> list[str]:
    give_app(user)
    ways = by_password(client, user, following)
    step = {"code": recovery_code(user), "next": following}
    return [*ways, client.post(AUTHENTICATE, step).headers["Location"]]


def by_signing_up(client: Client, _user: User, following: str) -> list[str]:
    new = {"name": "Ana Lima", "email": "ana@example.com", "password1": PASSWORD}
    asked = client.post("/accounts/signup/", new | {"next": following})
    let_in = client.post("/accounts/confirm-email/", {"code": last_code(), "next": following})
    return [asked.headers["Location"], let_in.headers["Location"]]


def by_proving_again(client: Client, user: User, following: str) -> list[str]:
    client.force_login(user)
    form = {"password": PASSWORD, "next": following}
    return [client.post("/accounts/reauthenticate/", form).headers["Location"]]


def by_signing_out(client: Client, user: User, following: str) -> list[str]:
    client.force_login(user)
    return [client.post("/accounts/logout/", {"next": following}).headers["Location"]]


OWN = {
    *("/", "/accounts/login/", "/accounts/login/code/confirm/", "/accounts/confirm-email/"),
    AUTHENTICATE,
}


@pytest.mark.parametrize(
    "way",
    [by_password, by_code, by_second_step, by_signing_up, by_proving_again, by_signing_out],
)
@pytest.mark.parametrize("following", HOSTILE)
def test_a_hostile_next_leads_nowhere_else_in_any_form(
    client: Client, vera: User, following: str, way: Callable[[Client, User, str], list[str]]
) -> None:
    assert set(way(client, vera, following)) <= OWN


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_a_hostile_next_is_not_passed_on_either(client: Client, following: str) -> None:
    page = client.get("/accounts/login/", {"next": following}).content.decode()
    assert f"signup/?next={following}" not in page
