"""The key that signs is replaced without a token that anybody refuses."""

import io
from datetime import timedelta

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from identity_site.accounts.models import User
from identity_site.tokens.key_ring import ring
from identity_site.tokens.models import SigningKey
from tests.identity.conftest import sign_in
from tests.identity.tokens import PROFILE, published_keys, read, token_of

LIFE = 900 + 10 + 2  # of a token, by clocks that differ, signed by a process that looks every 2 s


def rotate(*options: str) -> str:
    """Run the command; return all that it says."""
    said = io.StringIO()
    call_command("rotate_signing_key", *options, stdout=said, stderr=said)
    return said.getvalue()


def wait(seconds: int) -> None:
    """Let time pass for the keys."""
    past = timedelta(seconds=seconds)
    SigningKey.objects.update(activates_at=F("activates_at") - past)
    SigningKey.objects.update(retires_at=F("retires_at") - past)
    ring.forget()


def test_a_short_lead_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="at least 10 seconds"):
        rotate("--lead", "9")
    assert SigningKey.objects.count() == 1


def test_a_second_rotation_is_refused_until_the_first_has_happened(db: None) -> None:
    rotate("--lead", "600")
    with pytest.raises(CommandError, match="under way already: its key begins to sign at 2"):
        rotate("--lead", "600")
    assert SigningKey.objects.count() == 2
    wait(600)
    rotate("--lead", "600")
    assert len(published_keys()) == 3


def test_a_key_that_cannot_be_read_is_not_replaced_in_peace(db: None) -> None:
    SigningKey.objects.update(sealed="spoilt")
    ring.forget()
    with pytest.raises(CommandError, match="Only --emergency"):
        rotate("--lead", "600")
    assert SigningKey.objects.count() == 1


def test_a_lead_shorter_than_the_other_site_looks_is_warned_of(db: None) -> None:
    assert "Warning: the inventory site reads the keys every 60 s" in rotate("--lead", "59")


def test_only_looking_changes_nothing(db: None) -> None:
    said = rotate("--show")
    assert ring.signing().kid in said
    assert "it is replaced" in said
    assert SigningKey.objects.count() == 1


def test_the_new_key_is_published_before_it_signs(db: None) -> None:
    old = ring.signing().kid
    assert "Warning" not in rotate("--lead", "600")
    assert len(published_keys()) == 2
    wait(600 - 60)
    assert ring.signing().kid == old
    wait(60)
    assert ring.signing().kid != old


def test_the_old_key_is_published_until_its_last_token_has_expired(db: None) -> None:
    old = ring.signing().kid
    rotate("--lead", "600")
    wait(600 + LIFE - 60)
    assert old in published_keys()
    wait(60)
    assert list(published_keys()) == [ring.signing().kid]
    assert SigningKey.objects.count() == 2


def test_a_rotation_goes_unnoticed(client: Client, vera: User) -> None:
    sign_in(client, vera)
    token = token_of(client)
    rotate("--lead", "600")
    wait(601)
    client.get(PROFILE)
    assert token_of(client) == token
    client.get("/accounts/login/")
    assert token_of(client) != token
    assert read(token_of(client))["sub"] == read(token)["sub"]


def test_the_times_are_shown(db: None) -> None:
    old = ring.signing().kid
    said = rotate("--lead", "600")
    new = SigningKey.objects.latest("pk")
    lines = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert " signs " in lines[old]
    assert " waits " in lines[new.kid]
    assert f"{new.activates_at:%Y-%m-%d %H:%M:%S} UTC" in lines[new.kid]
    assert f"{new.activates_at + timedelta(seconds=LIFE):%Y-%m-%d %H:%M:%S} UTC" in lines[old]
    assert "rotate_signing_key --show" in said


def test_in_an_emergency_every_token_is_void_and_living_sessions_get_new_ones(
    client: Client, vera: User
) -> None:
    sign_in(client, vera)
    token = token_of(client)
    rotate("--lead", "600")
    assert "Every token from before is void" in rotate("--emergency")
    assert list(published_keys()) == [ring.signing().kid]
    assert jwt.get_unverified_header(token)["kid"] not in published_keys()
    client.get(PROFILE)
    assert read(token_of(client))["sub"] == str(vera.pk)


def test_an_emergency_does_not_need_the_old_keys(db: None) -> None:
    SigningKey.objects.update(sealed="spoilt")
    ring.forget()
    rotate("--emergency")
    assert list(published_keys()) == [ring.signing().kid]
