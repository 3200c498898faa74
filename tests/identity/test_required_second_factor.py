"""Roles that need a second factor: no token without one, and every page leads to setting it up."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.accounts.second_factor import is_missing
from tests.identity.conftest import PASSWORD, sign_in
from tests.identity.factors import (
    AUTHENTICATE,
    app_code,
    give_app,
    give_passkey,
    recovery_code,
)

SET_UP = "/accounts/2fa/"
SHOW = "/accounts/2fa/reauthenticate/"
REMOVE_APP = "/accounts/2fa/totp/deactivate/"
CLOSED = [
    "/accounts/",
    "/accounts/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/login/?next=/",
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/admin/",
    "/accounts/admin/accounts/user/",
]


@pytest.fixture(autouse=True)
def _required() -> Iterator[None]:
    with override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER, Role.ADMIN})):
        yield


def token(client: Client) -> str:
    cookie = client.cookies.get(settings.ACCESS_COOKIE)
    return cookie.value if cookie else ""


@pytest.mark.parametrize("path", CLOSED)
def test_every_page_leads_to_setting_one_up(client: Client, amara: User, path: str) -> None:
    sign_in(client, amara)
    assert client.get(path).headers["Location"] == SET_UP
    assert client.post(path).headers["Location"] == SET_UP
    assert not token(client)


def test_nothing_is_changed_on_the_way(client: Client, marina: User) -> None:
    sign_in(client, marina)
    client.post("/accounts/profile/", {"name": "Somebody Else", "language": ""})
    marina.refresh_from_db()
    assert marina.name == "Marina Ribeiro"


def test_a_script_of_a_page_is_refused_with_a_problem_document(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    for headers in ({}, {"x-session-token": ""}, {"authorization": ""}):
        answer = client.get("/accounts/api/v1/profile/", headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (403, 403)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_page_says_why(client: Client, marina: User) -> None:
    sign_in(client, marina)
    page = client.get(SET_UP).content.decode()
    assert "Your role, Manager, needs two steps at sign-in" in page
    assert "/accounts/2fa/totp/activate/" in page


@pytest.mark.parametrize("path", ["/accounts/reauthenticate/", "/accounts/logout/"])
def test_what_setting_up_needs_and_the_way_out_are_open(
    client: Client, marina: User, path: str
) -> None:
    sign_in(client, marina)
    assert client.get(path).status_code == 200
    answer = client.post("/accounts/preferences/", {"theme": "dark", "next": SET_UP})
    assert client.cookies["theme"].value == "dark"
    assert answer.headers["Location"] == SET_UP


def test_a_role_that_needs_none_is_let_in_with_the_password(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert token(client)
    assert "needs two steps" not in client.get(SET_UP).content.decode()


def test_a_promotion_takes_the_token_back_until_one_is_set_up(client: Client, vera: User) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(role=Role.MANAGER)
    assert client.get("/accounts/profile/").headers["Location"] == SET_UP
    assert not token(client)
    assert not client.cookies[settings.FRESH_COOKIE].value


def test_somebody_who_has_one_but_did_not_show_it_here_is_led_to_show_it_and_back(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    secret = give_app(marina)
    asked = client.get("/accounts/login/?next=/products/").headers["Location"]
    assert asked == f"{SHOW}?next=%2Faccounts%2Flogin%2F%3Fnext%3D%2Fproducts%2F"
    assert "Show your second one now" in client.get(asked).content.decode()
    form = {"code": app_code(secret), "next": "/accounts/login/?next=/products/"}
    assert client.post(SHOW, form).headers["Location"] == form["next"]
    assert client.get(form["next"]).headers["Location"] == "/products/"
    assert token(client)


def test_somebody_with_nothing_but_a_passkey_is_asked_for_that(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    give_passkey(marina)
    asked = client.get("/accounts/profile/").headers["Location"]
    assert asked == "/accounts/2fa/webauthn/reauthenticate/?next=%2Faccounts%2Fprofile%2F"
    assert client.post("/accounts/profile/").headers["Location"].endswith("?next=%2F")


@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_with_both_steps_there_is_a_token(client: Client, marina: User, kind: str) -> None:
    secret = give_app(marina)
    client.post("/accounts/login/", {"login": marina.email, "password": PASSWORD})
    code = app_code(secret) if kind == "app" else recovery_code(marina)
    assert client.post(AUTHENTICATE, {"code": code}).headers["Location"] == "/"
    assert token(client)
    assert not is_missing(marina, client.session)
    assert client.get("/accounts/profile/").status_code == 200
