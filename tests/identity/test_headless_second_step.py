"""The second step at a program's sign-in: no token before it."""

from typing import Any

import pytest
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.tokens.access_token import verified_claims
from tests.identity.conftest import PASSWORD
from tests.identity.factors import app_code, give_app, recovery_code
from tests.identity.program import call, meta, refresh, sign_in_program

ODD: list[Any] = [
    None,
    "x",
    [],
    {},
    {"type": "public-key", "id": "AAAA", "rawId": "AAAA", "response": {}},
]


@pytest.mark.parametrize("credential", ODD)
def test_what_is_no_passkey_is_refused_wherever_one_is_asked_for(
    client: Client, vera: User, credential: Any
) -> None:
    give_app(vera)
    half = call(client, "post", "auth/login", {"email": vera.email, "password": PASSWORD})
    begun = meta(half)["session_token"]
    client.force_login(vera)
    whole = str(client.session.session_key)
    call(client, "post", "auth/reauthenticate", {"password": PASSWORD}, session=whole)
    for path, session in (
        ("auth/webauthn/login", ""),
        ("auth/webauthn/authenticate", begun),
        ("auth/webauthn/reauthenticate", whole),
        ("account/authenticators/webauthn", whole),
    ):
        call(client, "get", path, session=session)
        answer = call(client, "post", path, {"credential": credential}, session=session)
        assert answer.status_code == 400


def test_between_password_and_second_step_there_is_no_token(client: Client, vera: User) -> None:
    secret = give_app(vera)
    credentials = {"email": vera.email, "password": PASSWORD}
    half = call(client, "post", "auth/login", credentials)
    assert half.status_code == 401
    assert "access_token" not in half.content.decode()
    session = meta(half)["session_token"]
    assert refresh(client, session).status_code == 400
    assert call(client, "get", "account/email", session=session).status_code == 401
    wrong = call(client, "post", "auth/2fa/authenticate", {"code": "000000"}, session=session)
    assert wrong.status_code == 400
    done = call(
        client, "post", "auth/2fa/authenticate", {"code": app_code(secret)}, session=session
    )
    claims = verified_claims(meta(done)["access_token"])
    assert claims is not None
    assert claims["amr"] == ["mfa", "pwd"]


def test_a_recovery_code_is_a_second_step_once(client: Client, vera: User) -> None:
    give_app(vera)
    recovery = recovery_code(vera)
    for accepted in (True, False):
        half = call(client, "post", "auth/login", {"email": vera.email, "password": PASSWORD})
        session = meta(half)["session_token"]
        done = call(client, "post", "auth/2fa/authenticate", {"code": recovery}, session=session)
        assert ("access_token" in meta(done)) is accepted


@pytest.mark.django_db(transaction=True)  # what a commit sets off happens
@override_settings(SECOND_FACTOR_ROLES=frozenset({"manager"}))
def test_without_the_second_factor_a_role_needs_there_is_no_token_until_it_is_set_up(
    client: Client, marina: User
) -> None:
    found = sign_in_program(client, marina)
    assert found["is_second_factor_missing"]
    assert "access_token" not in found
    session = found["session_token"]
    refused = refresh(client, session)
    assert refused.json()["errors"][0]["code"] == "second_factor_missing"
    call(client, "post", "auth/reauthenticate", {"password": PASSWORD}, session=session)
    offered = call(client, "get", "account/authenticators/totp", session=session)
    proof = {"code": app_code(meta(offered)["secret"])}
    call(client, "post", "account/authenticators/totp", proof, session=session)
    assert refresh(client, session).status_code == 200
