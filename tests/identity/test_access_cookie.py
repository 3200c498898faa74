"""The cookies that carry the token, and the marker that says it is fresh, keep in step."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import sign_in
from tests.identity.tokens import PROFILE, marker_of, read, token_of

RUBBISH = ["", "x", "a.b.c", "ä", "x" * 4000]


def test_nobody_signed_in_gets_either(client: Client) -> None:
    for path in ("/accounts/login/", "/accounts/signup/", PROFILE, "/accounts/nothing/"):
        given = client.get(path).cookies
        assert settings.ACCESS_COOKIE not in given
        assert settings.FRESH_COOKIE not in given


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_cleared_when_nobody_is_signed_in(client: Client, rubbish: str) -> None:
    client.cookies[settings.ACCESS_COOKIE] = rubbish
    client.cookies[settings.FRESH_COOKIE] = rubbish
    client.get("/accounts/login/")
    assert (token_of(client), marker_of(client)) == ("", "")


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_replaced_when_somebody_is(client: Client, vera: User, rubbish: str) -> None:
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = rubbish
    client.get(PROFILE)
    assert read(token_of(client))["sub"] == str(vera.pk)


def test_somebody_elses_token_is_replaced(client: Client, vera: User, marina: User) -> None:
    sign_in(client, marina)
    stolen = token_of(client)
    client.post("/accounts/logout/")
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = stolen
    client.get(PROFILE)
    assert read(token_of(client))["sub"] == str(vera.pk)


def test_the_token_of_another_session_is_replaced(client: Client, vera: User) -> None:
    sign_in(client, vera)
    first = token_of(client)
    client.post("/accounts/logout/")
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = first
    client.get(PROFILE)
    assert token_of(client) != first


def test_signing_out_takes_both_back(client: Client, vera: User) -> None:
    sign_in(client, vera)
    client.post("/accounts/logout/")
    assert (token_of(client), marker_of(client)) == ("", "")


@override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER}))
def test_without_the_second_factor_that_a_role_needs_there_is_neither(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    client.get(PROFILE)
    assert (token_of(client), marker_of(client)) == ("", "")


def test_both_are_taken_back_once_a_role_needs_a_second_factor(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    assert token_of(client)
    with override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER})):
        client.get("/accounts/2fa/")
    assert (token_of(client), marker_of(client)) == ("", "")


@pytest.mark.parametrize(("name", "seconds"), [("__Host-ts_at", 900), ("__Host-ts_fresh", 300)])
def test_they_are_out_of_reach_of_scripts_and_other_sites(
    client: Client, vera: User, name: str, seconds: int
) -> None:
    sign_in(client, vera)
    cookie = client.cookies[name]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == seconds


def test_a_fresh_token_is_kept(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert settings.ACCESS_COOKIE not in client.get(PROFILE).cookies


def test_a_token_over_five_minutes_old_is_replaced(client: Client, vera: User) -> None:
    sign_in(client, vera)
    with override_settings(TOKEN_FRESH_SECONDS=0):
        assert client.get(PROFILE).cookies[settings.ACCESS_COOKIE].value


def test_a_new_role_is_in_the_token_at_the_next_click(client: Client, vera: User) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
    client.get(PROFILE)
    assert read(token_of(client))["roles"] == ["operator"]


def test_what_the_profile_form_refused_is_not_in_the_token(client: Client, vera: User) -> None:
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = ""
    client.post(PROFILE, {"name": "Somebody Else", "language": "xx"})
    assert read(token_of(client))["name"] == "Vera Novak"


def test_the_sign_in_page_always_hands_out_a_new_token(client: Client, vera: User) -> None:
    sign_in(client, vera)
    before = read(token_of(client))["jti"]
    answer = client.get("/accounts/login/?next=/products/")
    assert answer.headers["Location"] == "/products/"
    assert read(token_of(client))["jti"] != before


def test_who_says_who_they_are_by_a_header_gets_no_cookies(client: Client, vera: User) -> None:
    sign_in(client, vera)
    del client.cookies[settings.FRESH_COOKIE]
    answer = client.get(PROFILE, headers={"authorization": "Bearer x"})
    assert settings.ACCESS_COOKIE not in answer.cookies


def test_pages_of_somebody_signed_in_are_not_kept_by_caches(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert "no-store" in client.get(PROFILE).headers["Cache-Control"]
