"""Exchanging a personal token for an access token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.programs.models import (
    PREFIX,
    PersonalToken,
    Scope,
    digest_of,
    expiry,
    is_well_formed,
    new_secret,
)
from tests.identity.conftest import BROWSER, sign_in
from tests.identity.program import bearer, sign_in_program
from tests.identity.tokens import read

EXCHANGE = "/accounts/api/v1/access-tokens/"
PROBLEM = "application/problem+json"


@pytest.fixture
def secret(vera: User) -> str:
    """A personal token of Vera's, an operator, that may move stock."""
    User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
    secret = new_secret()
    PersonalToken.objects.create(
        owner=vera,
        name="Printer",
        scope=Scope.MOVE,
        digest=digest_of(secret),
        expires_at=expiry(30),
    )
    return secret


def exchange(client: Client, secret: str) -> Any:
    return client.post(EXCHANGE, headers=bearer(secret))


def assert_refused(answer: Any) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "odd",
    ["", "x", PREFIX, f"{PREFIX}{'0' * 72}", f"{PREFIX}{'0' * 64}", "ä", "x" * 9000, new_secret()],
    ids=["nothing", "x", "no digits", "zeros", "no checksum", "no ASCII", "long", "nobody's"],
)
def test_what_is_no_personal_token_is_refused(client: Client, secret: str, odd: str) -> None:
    assert_refused(exchange(client, odd))


def test_without_one_there_is_a_challenge(client: Client) -> None:
    answer = client.post(EXCHANGE)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_neither_a_cookie_nor_an_access_token_stands_in_for_one(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert client.post(EXCHANGE).status_code == 401
    assert_refused(exchange(client, sign_in_program(Client(headers=BROWSER), vera)["access_token"]))


def test_an_expired_one_is_refused(client: Client, secret: str) -> None:
    PersonalToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_refused(exchange(client, secret))


def test_a_revoked_one_is_refused(client: Client, secret: str) -> None:
    PersonalToken.objects.living().revoke()
    assert_refused(exchange(client, secret))


def test_one_of_somebody_who_left_is_refused(client: Client, secret: str) -> None:
    User.objects.update(is_active=False)
    assert_refused(exchange(client, secret))


def test_who_fails_too_often_is_told_to_wait_and_a_good_token_is_not_locked_out(
    client: Client, secret: str
) -> None:
    answers = [exchange(client, new_secret()).status_code for _ in range(21)]
    assert answers == [401] * 20 + [429]
    elsewhere = Client(headers={**BROWSER, "x-real-ip": "203.0.113.8"})
    assert exchange(elsewhere, new_secret()).status_code == 401
    assert exchange(client, secret).status_code == 201


def test_other_methods_are_refused(client: Client, secret: str) -> None:
    assert client.get(EXCHANGE, headers=bearer(secret)).status_code == 405


def test_a_role_that_shrank_shrinks_the_scope(client: Client, secret: str, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(role=Role.VIEWER)
    answer = exchange(client, secret)
    assert answer.json()["scope"] == read(answer.json()["access_token"])["scope"] == "read"


def test_a_role_that_grew_does_not_grow_the_scope(client: Client, secret: str, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(role=Role.ADMIN)
    assert exchange(client, secret).json()["scope"] == "read move"


def test_a_good_one_gets_an_access_token_of_its_owner_and_scope(secret: str, vera: User) -> None:
    program = Client(headers=BROWSER, enforce_csrf_checks=True)
    answer = exchange(program, secret)
    assert answer.status_code == 201
    assert "no-store" in answer.headers["Cache-Control"]
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, "read move")
    claims = read(body["access_token"])
    token = PersonalToken.objects.get()
    assert claims["sub"] == str(vera.pk)
    assert (claims["sid"], claims["client_id"]) == (token.sid, f"token:{token.pk}")
    assert (claims["scope"], claims["roles"]) == ("read move", ["operator"])
    assert not program.cookies


def test_its_last_use_is_remembered_once_a_minute(client: Client, secret: str) -> None:
    exchange(client, secret)
    first = PersonalToken.objects.get().last_used_at
    assert first is not None
    exchange(client, secret)
    assert PersonalToken.objects.get().last_used_at == first
    PersonalToken.objects.update(last_used_at=first - timedelta(minutes=2))
    exchange(client, secret)
    again = PersonalToken.objects.get().last_used_at
    assert again is not None
    assert again > first


def test_a_mistyped_secret_is_known_by_its_checksum() -> None:
    secret = new_secret()
    other = "0" if secret[20] != "0" else "1"
    assert is_well_formed(secret)
    assert not is_well_formed(f"{secret[:20]}{other}{secret[21:]}")
