"""A security key that was stolen: without its owner's finger or PIN it is only a second step."""

import hashlib
import json
import os
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import SESSION_KEY
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD
from tests.identity.factors import give_app
from tests.identity.program import call, meta

ORIGIN = "http://localhost:8080"
SITE = hashlib.sha256(b"localhost").digest()
FLAG = AuthenticatorData.FLAG
TOUCHED = FLAG.UP  # by anybody
VERIFIED = FLAG.UP | FLAG.UV  # by who knows the PIN
SIGN_IN = "/accounts/2fa/webauthn/login/"


class Key:
    """A security key of somebody, as software."""

    def __init__(self, owner: User) -> None:
        self.owner, self.name = owner, os.urandom(16)
        self.private = ec.generate_private_key(ec.SECP256R1())
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]  # of fido2
        made = AttestedCredentialData.create(Aaguid(bytes(16)), self.name, public)
        said = CollectedClientData.create(type="webauthn.create", challenge=b"x", origin=ORIGIN)
        attested = AttestationObject.create(
            "none", AuthenticatorData.create(SITE, FLAG.UP | FLAG.AT, 0, made), {}
        )
        response = {"attestationObject": websafe_encode(attested)}
        Authenticator.objects.create(
            user=owner,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Key", "credential": self._credential(said, response)},
        )

    def sign(self, options: dict[str, Any], how: AuthenticatorData.FLAG) -> dict[str, Any]:
        """Answer a challenge."""
        data = AuthenticatorData.create(SITE, how, 1)
        challenge = websafe_decode(options["publicKey"]["challenge"])
        said = CollectedClientData.create(type="webauthn.get", challenge=challenge, origin=ORIGIN)
        signature = self.private.sign(bytes(data) + said.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(self.owner).encode()),
        }
        return self._credential(said, response)

    def _credential(self, said: CollectedClientData, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.name)
        response = {"clientDataJSON": websafe_encode(said), **response}
        return {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": False}},
        }


def challenge_of_a_second_step(client: Client, thief: User) -> dict[str, Any]:
    """Get a challenge that asks for no PIN, with an account of the thief's own."""
    give_app(thief)
    Key(thief)
    client.post("/accounts/login/", {"login": thief.email, "password": PASSWORD})
    options: dict[str, Any] = client.get("/accounts/2fa/authenticate/").context["js_data"][
        "request_options"
    ]
    client.post("/accounts/logout/")
    return json.loads(json.dumps(options, default=str))  # type: ignore[no-any-return]


def test_it_lets_nobody_in_by_the_challenge_of_a_second_step(
    client: Client, vera: User, amara: User
) -> None:
    key = Key(amara)
    proof = key.sign(challenge_of_a_second_step(client, vera), TOUCHED)
    answer = client.post(SIGN_IN, {"credential": json.dumps(proof)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert SESSION_KEY not in client.session


def test_nor_does_it_by_a_program(client: Client, vera: User, amara: User) -> None:
    key = Key(amara)
    give_app(vera)
    Key(vera)
    begun = call(client, "post", "auth/login", {"email": vera.email, "password": PASSWORD})
    session = meta(begun)["session_token"]
    asked = call(client, "get", "auth/webauthn/authenticate", session=session)
    proof = key.sign(asked.json()["data"]["request_options"], TOUCHED)
    answer = call(client, "post", "auth/webauthn/login", {"credential": proof}, session=session)
    assert answer.status_code == 400


@pytest.mark.parametrize(("how", "is_in"), [(TOUCHED, False), (VERIFIED, True)])
def test_with_its_pin_it_does_by_an_honest_challenge(
    client: Client, amara: User, how: AuthenticatorData.FLAG, is_in: bool
) -> None:
    key = Key(amara)
    headers = {"x-requested-with": "XMLHttpRequest"}
    options = client.get(SIGN_IN, headers=headers).json()["request_options"]
    client.post(SIGN_IN, {"credential": json.dumps(key.sign(options, how))})
    assert (SESSION_KEY in client.session) is is_in
