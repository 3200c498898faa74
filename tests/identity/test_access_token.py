"""What a token says, who gets none, and which ones this site's own API takes."""

import json
import time
from datetime import timedelta

import jwt
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.tokens import revocation
from identity_site.tokens.access_token import NotEntitled, mint, mint_scoped, user_of
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import sign_in
from tests.identity.tokens import PROFILE, published_keys, read, token_of


def session_of(client: Client) -> SessionStore:
    return SessionStore(client.session.session_key)


def scoped(user: User, scope: str = "read") -> str:
    return mint_scoped(user, sid="5" * 32, client_id="pat", scope=scope, auth_time=1_700_000_000)


def test_who_left_gets_none(client: Client, vera: User) -> None:
    sign_in(client, vera)
    session = session_of(client)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    with pytest.raises(NotEntitled):
        mint(vera, session)
    with pytest.raises(NotEntitled):
        scoped(vera)


def test_a_session_from_before_a_change_of_password_gets_none(client: Client, vera: User) -> None:
    sign_in(client, vera)
    session = session_of(client)
    changed = User.objects.get(pk=vera.pk)
    changed.set_password("another passphrase for tests")
    changed.save()
    with pytest.raises(NotEntitled):
        mint(vera, session)


def test_a_session_of_nobody_gets_none(vera: User) -> None:
    with pytest.raises(NotEntitled):
        mint(vera, SessionStore())


def test_a_missing_second_factor_gets_none(client: Client, marina: User) -> None:
    sign_in(client, marina)
    with (
        override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER})),
        pytest.raises(NotEntitled),
    ):
        mint(marina, session_of(client))


@pytest.mark.parametrize("rubbish", ["", "x", "a.b.c", "ä", "x" * 9000, "." * 3000])
def test_rubbish_is_nobodys(vera: User, rubbish: str) -> None:
    assert user_of(rubbish) is None


def test_a_token_for_inventory_alone_is_nobodys_here(vera: User) -> None:
    assert user_of(scoped(vera, "read move manage")) is None


def test_a_changed_token_is_nobodys(client: Client, vera: User) -> None:
    sign_in(client, vera)
    header, body, signature = token_of(client).split(".")
    assert user_of(f"{header}.{body[:-2]}AA.{signature}") is None
    assert user_of(f"{header}.{body}.") is None


def test_a_token_is_nobodys_once_its_person_left(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert user_of(token_of(client)) == vera
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert user_of(token_of(client)) is None


def test_a_token_is_nobodys_once_its_session_ended(client: Client, vera: User) -> None:
    sign_in(client, vera)
    token = token_of(client)
    client.post("/accounts/logout/")
    assert user_of(token) is None


def test_a_token_from_before_a_cut_off_is_nobodys_and_a_later_one_is_good(
    client: Client, vera: User
) -> None:
    sign_in(client, vera)
    revocation.revoke_person(vera.pk)
    assert user_of(token_of(client)) is None
    LogoutNotice.objects.update(cut_off_at=timezone.now() - timedelta(hours=1))
    assert user_of(token_of(client)) == vera


def test_it_says_who_somebody_is_and_for_how_long(client: Client, marina: User) -> None:
    sign_in(client, marina)
    header = jwt.get_unverified_header(token_of(client))
    assert header == {"alg": "RS256", "typ": "at+jwt", "kid": next(iter(published_keys()))}
    found = read(token_of(client))
    assert found["sub"] == str(marina.pk)
    assert found["roles"] == ["manager"]
    assert (found["email"], found["name"]) == (marina.email, marina.name)
    assert found["nbf"] == int(found["iat"])
    assert found["exp"] == int(found["iat"]) + 900
    assert found["amr"] == ["pwd"]
    assert abs(found["auth_time"] - time.time()) < 60
    assert found["client_id"] == "web"
    assert len(found["jti"]) == len(found["sid"]) == 32
    assert "scope" not in found


def test_it_was_issued_before_what_it_says_was_read(client: Client, vera: User) -> None:
    sign_in(client, vera)
    session = session_of(client)
    before = time.time()
    issued_at = read(mint(vera, session))["iat"]
    assert before - 0.001 < issued_at <= time.time()


def test_a_scoped_one_says_what_it_is_limited_to(vera: User) -> None:
    found = read(scoped(vera, "read move"))
    assert found["scope"] == "read move"
    assert (found["sid"], found["client_id"]) == ("5" * 32, "pat")
    assert (found["sub"], found["auth_time"]) == (str(vera.pk), 1_700_000_000)


def test_the_session_key_is_not_in_it(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert str(client.session.session_key) not in json.dumps(read(token_of(client)))


def test_the_largest_one_still_fits_into_a_cookie(client: Client, vera: User) -> None:
    vera.name, vera.email = "\N{GRINNING FACE}" * 100, "x" * 242 + "@example.com"
    vera.save()
    client.force_login(vera)
    client.get(PROFILE)
    assert 2000 < len(token_of(client)) < 4000
