"""An authenticator app and recovery codes: setting up, signing in, what is kept of them."""

import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, last_code
from tests.identity.factors import (
    AUTHENTICATE,
    app_code,
    give_app,
    recovery_code,
)

WRONG = "000000"


def by_password(client: Client, user: User) -> str:
    form = {"login": user.email, "password": PASSWORD}
    return client.post("/accounts/login/", form).headers["Location"]


def by_code(client: Client, user: User) -> str:
    client.post("/accounts/login/code/", {"email": user.email})
    answer = client.post("/accounts/login/code/confirm/", {"code": last_code()})
    return answer.headers["Location"]


def by_new_password(client: Client, user: User) -> str:
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    form = {"password1": "quite another passphrase", "password2": "quite another passphrase"}
    return client.post("/accounts/password/reset/complete/", form).headers["Location"]


def by_proof_of_address(client: Client, user: User) -> str:
    EmailAddress.objects.update(verified=False)
    assert by_password(client, user) == "/accounts/confirm-email/"
    return client.post("/accounts/confirm-email/", {"code": last_code()}).headers["Location"]


@pytest.mark.parametrize("way_in", [by_password, by_code, by_new_password, by_proof_of_address])
def test_between_the_two_steps_there_is_neither_a_token_nor_a_way_in(
    client: Client, vera: User, way_in: Callable[[Client, User], str]
) -> None:
    give_app(vera)
    assert way_in(client, vera) == AUTHENTICATE
    assert settings.ACCESS_COOKIE not in client.cookies
    assert settings.FRESH_COOKIE not in client.cookies
    assert client.get(AUTHENTICATE).status_code == 200
    assert client.get("/accounts/profile/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/login/").headers["Location"] == AUTHENTICATE
    assert settings.ACCESS_COOKIE not in client.cookies


def test_a_wrong_code_lets_nobody_in_and_five_refuse_the_right_one(
    client: Client, vera: User
) -> None:
    secret = give_app(vera)
    by_password(client, vera)
    for _ in range(5):
        assert "That did not match." in client.post(AUTHENTICATE, {"code": WRONG}).content.decode()
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert "Too many attempts." in answer.content.decode()
    assert settings.ACCESS_COOKIE not in client.cookies


def test_a_code_is_good_once(client: Client, vera: User) -> None:
    secret = give_app(vera)
    thief = Client(headers=BROWSER)
    by_password(client, vera)
    by_password(thief, vera)
    code = app_code(secret)
    assert client.post(AUTHENTICATE, {"code": code}).headers["Location"] == "/"
    assert thief.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert settings.ACCESS_COOKIE not in thief.cookies


def test_a_recovery_code_is_good_once(client: Client, vera: User) -> None:
    give_app(vera)
    code = recovery_code(vera)
    by_password(client, vera)
    assert client.post(AUTHENTICATE, {"code": code}).headers["Location"] == "/"
    assert client.cookies[settings.ACCESS_COOKIE].value
    other = Client(headers=BROWSER)
    by_password(other, vera)
    assert other.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert settings.ACCESS_COOKIE not in other.cookies


def test_the_second_step_does_not_wait_for_ever(client: Client, vera: User) -> None:
    secret = give_app(vera)
    by_password(client, vera)
    session = client.session
    session["account_login"]["initiated_at"] = time.time() - 16 * 60
    session.save()
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert settings.ACCESS_COOKIE not in client.cookies


def test_the_code_of_the_app_lets_in(client: Client, vera: User) -> None:
    secret = give_app(vera)
    client.post("/accounts/login/?next=/products/", {"login": vera.email, "password": PASSWORD})
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/products/"
    assert client.cookies[settings.ACCESS_COOKIE].value
