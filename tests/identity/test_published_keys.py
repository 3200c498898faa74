"""The public keys, for whoever verifies our tokens."""

import base64
import hashlib
import json

import jwt
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import User

KEYS = "/accounts/.well-known/jwks.json"


def test_nothing_private_is_published(client: Client) -> None:
    published = json.loads(client.get(KEYS).content)
    for key in published["keys"]:
        assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert "PRIVATE" not in client.get(KEYS).content.decode()


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post(KEYS).status_code == 405


def test_the_answer_may_be_kept_by_caches_and_carries_nobodys_cookies(
    client: Client, vera: User
) -> None:
    client.force_login(vera)
    client.cookies[settings.ACCESS_COOKIE] = "rubbish"
    answer = client.get(KEYS)
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_key_is_named_by_its_thumbprint(client: Client) -> None:
    key = json.loads(client.get(KEYS).content)["keys"][0]
    essence = '{{"e":"{e}","kty":"{kty}","n":"{n}"}}'.format(**key)
    digest = hashlib.sha256(essence.encode()).digest()
    assert key["kid"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert jwt.PyJWK(key).key.key_size == 3072
