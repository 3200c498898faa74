"""The token that the inventory site trusts, and the cookie that carries it."""

import json
import time
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import sign_in

PROFILE = "/accounts/profile/"


def token(client: Client) -> str:
    return client.cookies[settings.ACCESS_COOKIE].value


def claims(client: Client) -> dict[str, Any]:
    """Read the token as the inventory site does: with the published key and nothing else."""
    published = json.loads(client.get("/accounts/.well-known/jwks.json").content)
    key = jwt.PyJWK(published["keys"][0], algorithm="RS256")
    found: dict[str, Any] = jwt.decode(
        token(client),
        key,
        algorithms=["RS256"],
        audience="techstock-inventory",
        issuer="http://localhost:8080/accounts",
        options={"strict_aud": True},
    )
    return found


def test_nobody_signed_in_gets_no_token(client: Client) -> None:
    for path in ("/accounts/login/", "/accounts/signup/", PROFILE, "/accounts/nothing/"):
        assert settings.ACCESS_COOKIE not in client.get(path).cookies


@pytest.mark.parametrize("rubbish", ["", "x", "a.b.c", "ä", "x" * 4000])
def test_rubbish_is_cleared_when_nobody_is_signed_in(client: Client, rubbish: str) -> None:
    client.cookies[settings.ACCESS_COOKIE] = rubbish
    client.get("/accounts/login/")
    assert token(client) == ""


@pytest.mark.parametrize("rubbish", ["", "x", "a.b.c", "ä", "x" * 4000])
def test_rubbish_is_replaced_when_somebody_is(client: Client, vera: User, rubbish: str) -> None:
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = rubbish
    client.get(PROFILE)
    assert claims(client)["sub"] == str(vera.pk)


def test_somebody_elses_token_is_replaced(client: Client, vera: User, marina: User) -> None:
    sign_in(client, marina)
    stolen = token(client)
    client.post("/accounts/logout/")
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = stolen
    client.get(PROFILE)
    assert claims(client)["sub"] == str(vera.pk)


def test_the_token_of_another_session_is_replaced(client: Client, vera: User) -> None:
    sign_in(client, vera)
    first = token(client)
    client.post("/accounts/logout/")
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = first
    client.get(PROFILE)
    assert token(client) != first


def test_the_session_key_is_not_in_the_token(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert str(client.session.session_key) not in json.dumps(claims(client))


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, vera: User) -> None:
    sign_in(client, vera)
    cookie = client.cookies["__Host-ts_at"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == 900


def test_the_token_says_who_somebody_is_and_for_how_long(client: Client, marina: User) -> None:
    sign_in(client, marina)
    header = jwt.get_unverified_header(token(client))
    published = json.loads(client.get("/accounts/.well-known/jwks.json").content)["keys"][0]
    assert header == {"alg": "RS256", "typ": "at+jwt", "kid": published["kid"]}
    found = claims(client)
    assert found["sub"] == str(marina.pk)
    assert found["roles"] == ["manager"]
    assert (found["email"], found["name"]) == (marina.email, marina.name)
    assert found["exp"] - found["iat"] == 900
    assert found["nbf"] == found["iat"]
    assert found["amr"] == ["pwd"]
    assert abs(found["auth_time"] - time.time()) < 60
    assert found["client_id"] == "web"
    assert len(found["jti"]) == len(found["sid"]) == 32


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
    assert claims(client)["roles"] == ["operator"]


def test_what_the_profile_form_refused_is_not_in_the_token(client: Client, vera: User) -> None:
    sign_in(client, vera)
    client.cookies[settings.ACCESS_COOKIE] = ""
    client.post(PROFILE, {"name": "Somebody Else", "language": "xx"})
    assert claims(client)["name"] == "Vera Novak"


def test_the_sign_in_page_always_hands_out_a_new_token(client: Client, vera: User) -> None:
    sign_in(client, vera)
    before = claims(client)["jti"]
    answer = client.get("/accounts/login/?next=/products/")
    assert answer.headers["Location"] == "/products/"
    assert claims(client)["jti"] != before


def test_the_largest_token_still_fits_into_a_cookie(client: Client, vera: User) -> None:
    vera.name, vera.email = "\N{GRINNING FACE}" * 100, "x" * 242 + "@example.com"
    vera.save()
    client.force_login(vera)
    client.get(PROFILE)
    assert len(token(client)) < 4000


def test_pages_of_somebody_signed_in_are_not_kept_by_caches(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert "no-store" in client.get(PROFILE).headers["Cache-Control"]
