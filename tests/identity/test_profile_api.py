"""One's own profile, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.tokens.access_token import mint_scoped
from tests.identity.conftest import BROWSER, sign_in
from tests.identity.program import JSON, bearer, call, sign_in_program

PROFILE = "/accounts/api/v1/profile/"
PROBLEM = "application/problem+json"
INVALID = 'Bearer error="invalid_token"'


def patch(client: Client, data: Any, **headers: str) -> Any:
    return client.patch(PROFILE, data, content_type=JSON, headers=headers)


def test_nobody_is_refused_with_a_challenge(client: Client) -> None:
    answer = client.get(PROFILE)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


BAD = [
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer a.b.c",
    "Basic dmVyYTp4",
    "x",
    "Bearer " + "x" * 9000,
]


@pytest.mark.parametrize("header", BAD)
def test_a_bad_authorization_is_not_made_up_for_by_a_good_cookie(
    client: Client, vera: User, header: str
) -> None:
    sign_in(client, vera)
    before = client.cookies[settings.ACCESS_COOKIE].value
    answer = client.get(PROFILE, headers={"authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, INVALID)
    assert client.cookies[settings.ACCESS_COOKIE].value == before


@pytest.mark.parametrize("path", ["/accounts/profile/", "/accounts/login/", "/accounts/admin/"])
def test_on_a_page_no_token_counts_and_no_cookie_makes_up_for_it(
    client: Client, amara: User, path: str
) -> None:
    good = sign_in_program(client, amara)["access_token"]
    sign_in(client, amara)
    for header in (f"Bearer {good}", "Bearer x"):
        answer = client.get(path, headers={"authorization": header})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, INVALID)
        assert answer.headers["Content-Type"] == PROBLEM


def test_a_bad_session_token_is_not_made_up_for_by_a_good_cookie(
    client: Client, vera: User
) -> None:
    sign_in(client, vera)
    assert client.get(PROFILE, headers={"x-session-token": "x" * 32}).status_code == 401


def test_a_token_with_a_scope_is_for_inventory_alone(client: Client, vera: User) -> None:
    scoped = mint_scoped(vera, sid="x" * 32, client_id="token:x", scope="read", auth_time=1)
    assert client.get(PROFILE, headers=bearer(scoped)).status_code == 401


def test_a_token_dies_with_its_session(client: Client, vera: User) -> None:
    found = sign_in_program(client, vera)
    call(client, "delete", "auth/session", session=found["session_token"])
    assert client.get(PROFILE, headers=bearer(found["access_token"])).status_code == 401


def test_a_token_dies_with_its_person_being_active(client: Client, vera: User) -> None:
    token = sign_in_program(client, vera)["access_token"]
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert client.get(PROFILE, headers=bearer(token)).status_code == 401


def test_a_browser_that_writes_needs_a_csrf_token(vera: User) -> None:
    browser = Client(headers=BROWSER, enforce_csrf_checks=True)
    browser.force_login(vera)
    answer = patch(browser, {"name": "Mallory"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM)
    vera.refresh_from_db()
    assert vera.name == "Vera Novak"


@override_settings(SECOND_FACTOR_ROLES=frozenset({"manager"}))
def test_a_session_without_the_second_factor_of_the_role_is_not_enough(
    client: Client, marina: User
) -> None:
    session = sign_in_program(client, marina)["session_token"]
    answer = client.get(PROFILE, headers={"x-session-token": session})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM)


def test_a_session_token_and_a_browser_may_read_it_too(
    client: Client, vera: User, marina: User
) -> None:
    session = sign_in_program(client, vera)["session_token"]
    sign_in(client, marina)
    before = dict(client.cookies.items())
    assert client.get(PROFILE).json()["name"] == "Marina Ribeiro"
    mixed = client.get(PROFILE, headers={"x-session-token": session})
    assert mixed.json()["name"] == "Vera Novak"
    assert dict(client.cookies.items()) == before
