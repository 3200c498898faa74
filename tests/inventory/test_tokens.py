"""Which tokens get somebody in, and which get nowhere."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.test import Client

from embedded import secret_values
from inventory_site.access.roles import Role
from tests.inventory.conftest import claims_of, signed

pytestmark = pytest.mark.django_db
GOOD = claims_of(Role.OPERATOR)
PUBLIC_PEM = (
    serialization.load_pem_private_key(os.environ["IDENTITY_SIGNING_KEY"].encode(), None)
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def unsigned(alg: str) -> str:
    return f"{part({'alg': alg, 'typ': 'at+jwt', 'kid': 'x'})}.{part(GOOD)}."


def of_somebody_elses_key() -> str:
    mine = secret_values.public_keys(os.environ["IDENTITY_SIGNING_KEY"])["keys"][0]["kid"]
    headers = {"kid": mine, "typ": "at+jwt"}
    return jwt.encode(GOOD, secret_values.signing_key(), algorithm="RS256", headers=headers)


def confused() -> str:
    """Signed by HMAC with the public key as the secret."""
    mine = secret_values.public_keys(os.environ["IDENTITY_SIGNING_KEY"])["keys"][0]["kid"]
    body = f"{part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': mine})}.{part(GOOD)}"
    mac = hmac.new(PUBLIC_PEM, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def tampered() -> str:
    head, _body, signature = signed(GOOD).split(".")
    return f"{head}.{part(GOOD | {'roles': ['admin']})}.{signature}"


def without(name: str) -> str:
    return signed(claims_of(Role.OPERATOR, **{name: ...}))


BAD: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "words": lambda: "not a token",
    "dots": lambda: "..",
    "alg none": lambda: unsigned("none"),
    "alg None": lambda: unsigned("None"),
    "alg NONE": lambda: unsigned("NONE"),
    "alg missing": lambda: f"{part({'typ': 'at+jwt', 'kid': 'x'})}.{part(GOOD)}.",
    "another key": of_somebody_elses_key,
    "HMAC with the public key": confused,
    "changed after signing": tampered,
    "cut short": lambda: signed(GOOD)[:-9],
    "too long": lambda: signed(GOOD | {"name": "x" * 5000}),
    "not ASCII": lambda: signed(GOOD) + "é",
    "unknown key id": lambda: signed(GOOD, kid="nobody"),
    "key id as path": lambda: signed(GOOD, kid="../../etc/passwd"),
    "key id with NUL": lambda: signed(GOOD, kid="a\0b"),
    "another type": lambda: signed(GOOD, typ="JWT"),
    "a logout token": lambda: signed(GOOD, typ="logout+jwt"),
    "an embedded key": lambda: signed(GOOD, jwk={"kty": "oct"}),
    "a key address": lambda: signed(GOOD, jku="http://localhost/keys"),
    "a critical header": lambda: signed(GOOD, crit=["exp"]),
    "expired": lambda: signed(GOOD | {"exp": GOOD["iat"] - 60}),
    "not yet valid": lambda: signed(GOOD | {"nbf": GOOD["iat"] + 600}),
    "issued tomorrow": lambda: signed(GOOD | {"iat": GOOD["iat"] + 86_400}),
    "foreign issuer": lambda: signed(GOOD | {"iss": "https://elsewhere.example/accounts"}),
    "foreign audience": lambda: signed(GOOD | {"aud": "somebody-else"}),
    "many audiences": lambda: signed(GOOD | {"aud": [GOOD["aud"], "somebody-else"]}),
    "subject no UUID": lambda: signed(GOOD | {"sub": "admin"}),
    "expiry as text": lambda: signed(GOOD | {"exp": str(GOOD["exp"])}),
    "expiry as bool": lambda: signed(GOOD | {"exp": True}),
    "role unknown": lambda: signed(GOOD | {"roles": ["root"]}),
    "role as text": lambda: signed(GOOD | {"roles": "admin"}),
    "no role": lambda: signed(GOOD | {"roles": []}),
    "two roles": lambda: signed(GOOD | {"roles": ["viewer", "admin"]}),
    "name no text": lambda: signed(GOOD | {"name": {"$": 1}}),
    "name with NUL": lambda: signed(GOOD | {"name": "a\0b"}),
    **{
        f"without {name}": partial(without, name)
        for name in ("iss", "aud", "sub", "exp", "iat", "nbf", "jti", "sid", "client_id", "roles")
    },
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_gets_nowhere(kind: str) -> None:
    client = Client(HTTP_HOST="localhost", headers={})
    client.cookies[settings.ACCESS_COOKIE] = BAD[kind]()
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/"


def test_a_good_token_gets_in_and_costs_no_query_for_the_person(
    operator: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):  # the page's own
        assert operator.get("/transactions/").status_code == 200


def test_a_token_of_the_future_is_forgiven_a_slow_clock() -> None:
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.ACCESS_COOKIE] = signed(GOOD | {"nbf": GOOD["iat"] + 5})
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200
