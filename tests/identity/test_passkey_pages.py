"""The pages about second factors, and what they make of credentials that are none."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, sign_in
from tests.identity.factors import AUTHENTICATE, give_app, give_passkey, prove_again
from tests.identity.test_pages import assert_in_both_languages

LOG_IN = "/accounts/2fa/webauthn/login/"
ADD = "/accounts/2fa/webauthn/add/"
REAUTHENTICATE = "/accounts/2fa/webauthn/reauthenticate/"
SIGNED = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "eA"}
RUBBISH = [
    "",
    "null",
    "[]",
    '"x"',
    "{",
    "[" * 20_000,
    json.dumps({"id": "x"}),
    json.dumps({"response": {"userHandle": 1}}),
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}),
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": SIGNED}),
    json.dumps({"id": 1, "rawId": 2, "type": "public-key", "response": dict.fromkeys(SIGNED, 3)}),
    json.dumps({"id": "\x00", "rawId": "ä", "type": "public-key", "response": SIGNED}),
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_place_of_a_passkey_lets_nobody_in(
    client: Client, vera: User, rubbish: str
) -> None:
    client.get(LOG_IN, headers={"accept": "application/json"})
    answer = client.post(LOG_IN, {"credential": rubbish})
    assert answer.headers["Location"] == "/accounts/login/"
    assert settings.ACCESS_COOKIE not in client.cookies
    assert 'class="toast bad"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_nor_is_it_a_second_step(client: Client, vera: User, rubbish: str) -> None:
    give_app(vera)
    client.post("/accounts/login/", {"login": vera.email, "password": PASSWORD})
    assert client.post(AUTHENTICATE, {"credential": rubbish}).status_code == 200
    assert settings.ACCESS_COOKIE not in client.cookies


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_nor_does_it_become_a_passkey(client: Client, vera: User, rubbish: str) -> None:
    sign_in(client, vera)
    prove_again(client)
    client.get(ADD)
    answer = client.post(ADD, {"name": "x", "credential": rubbish, "passwordless": "on"})
    assert answer.status_code == 200
    assert 'class="alert" role="alert"' in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_passkeys_are_for_our_host_whatever_a_request_claims(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    options = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]
    assert dict(options["rp"]) == {"id": "localhost", "name": "TechStock"}


def test_somebody_elses_passkey_is_not_there(client: Client, vera: User, marina: User) -> None:
    key = give_passkey(marina)
    sign_in(client, vera)
    prove_again(client)
    for act in ("edit", "remove"):
        address = f"/accounts/2fa/webauthn/keys/{key.pk}/{act}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "mine"}).status_code == 404


def test_an_account_without_a_second_factor_has_no_codes_to_see(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 404
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 404


def test_the_pages_of_somebody_with_second_factors(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    give_app(vera)
    key = give_passkey(vera).pk
    for page in (
        "",
        "reauthenticate/",
        "totp/deactivate/",
        "recovery-codes/",  # with the codes, and then without
        "recovery-codes/generate/",
        "webauthn/",
        f"webauthn/keys/{key}/edit/",
        f"webauthn/keys/{key}/remove/",
    ):
        assert_in_both_languages(client, f"/accounts/2fa/{page}")


@pytest.mark.parametrize("page", ["totp/activate/", "webauthn/add/"])
def test_the_pages_for_setting_them_up(client: Client, vera: User, page: str) -> None:
    sign_in(client, vera)
    prove_again(client)
    assert_in_both_languages(client, f"/accounts/2fa/{page}")


def test_the_pages_on_the_way_in(client: Client, vera: User) -> None:
    client.post("/accounts/login/code/", {"email": vera.email})
    assert_in_both_languages(client, "/accounts/login/code/confirm/")
    client.post("/accounts/logout/")
    give_app(vera)
    client.post("/accounts/login/", {"login": vera.email, "password": PASSWORD})
    assert_in_both_languages(client, AUTHENTICATE)


def test_data_for_scripts_is_marked_as_data(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    kinds = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert kinds
    assert all('type="application/json"' in kind for kind in kinds)
