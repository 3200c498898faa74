"""Reads tokens as the inventory site does: with the published keys and nothing else."""

import json
from typing import Any

import jwt
from django.conf import settings
from django.test import Client

KEYS = "/accounts/.well-known/jwks.json"
PROFILE = "/accounts/profile/"


def token_of(client: Client) -> str:
    """The token in a browser; empty when there is none."""
    cookie = client.cookies.get(settings.ACCESS_COOKIE)
    return cookie.value if cookie else ""


def marker_of(client: Client) -> str:
    """The marker in a browser; empty when there is none."""
    cookie = client.cookies.get(settings.FRESH_COOKIE)
    return cookie.value if cookie else ""


def published_keys() -> dict[str, dict[str, str]]:
    """The keys that anybody can read, by name."""
    answer = Client(headers={"host": "localhost"}).get(KEYS)
    return {key["kid"]: key for key in json.loads(answer.content)["keys"]}


def read(token: str) -> dict[str, Any]:
    """What a good token says; raises `jwt.PyJWTError` or `KeyError` for any other."""
    key = published_keys()[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK(key, algorithm="RS256"),
        algorithms=["RS256"],
        audience="techstock-inventory",
        issuer="http://localhost:8080/accounts",
        options={"strict_aud": True},
    )
    return claims
