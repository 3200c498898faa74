"""Forged and odd tokens at this site's own API: none speaks for anybody, none breaks anything."""

from collections.abc import Callable

import jwt
import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from identity_site.accounts.models import User
from identity_site.sealing import unseal
from identity_site.tokens.access_token import mint
from identity_site.tokens.key_ring import ring
from identity_site.tokens.models import SigningKey
from tests.forged import battery
from tests.forged.issuer import Issuer
from tests.identity.conftest import BROWSER

Figure = Callable[[str], None]
PAGE = "/accounts/api/v1/profile/"
# What this site does not take from a token but knows better: it reads the person anew.
KNOWN_HERE = ("roles", "email", "name", "client_id", "jti", "auth_time", "amr", "nbf")


@pytest.fixture
def issuer(client: Client, vera: User) -> Issuer:
    """Our own key, and the claims of a token that was just minted for Vera."""
    client.force_login(vera, settings.AUTHENTICATION_BACKENDS[0])
    session = SessionStore(client.session.session_key)
    assert session[SESSION_KEY]
    claims = jwt.decode(mint(vera, session), options={"verify_signature": False})
    kid = ring.signing().kid
    return Issuer(unseal(SigningKey.objects.get(kid=kid).sealed), kid, claims)


def ask(client: Client, token: str) -> int:
    line = f"Bearer {token}".encode().decode("latin-1")
    return client.get(PAGE, headers={"authorization": line}).status_code


def test_a_good_token_speaks_for_its_person(issuer: Issuer) -> None:

    assert ask(Client(headers=BROWSER), issuer.good) == 200


def test_no_forged_token_does_not_even_beside_a_session(
    client: Client, issuer: Issuer, figure: Figure
) -> None:
    answers = {name: ask(client, token) for name, token in battery(issuer).items()}
    odd = {
        name: status
        for name, status in answers.items()
        if status != 401 and not (status == 200 and name.startswith(KNOWN_HERE))
    }
    figure(f"forged tokens at the identity site: {len(answers)} variants, {len(odd)} not refused")
    assert len(answers) >= 150
    assert not odd
