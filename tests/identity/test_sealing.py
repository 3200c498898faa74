"""Secrets are sealed with the first encryption key, and opened with any of them."""

import base64
import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from identity_site.accounts.models import User
from identity_site.sealing import Unreadable, reseal, seal, unseal
from identity_site.tokens.key_ring import ring

NEW = Fernet.generate_key().decode()
OLD = settings.ENCRYPTION_KEYS
BOTH = override_settings(ENCRYPTION_KEYS=[NEW, *OLD])
NEW_ALONE = override_settings(ENCRYPTION_KEYS=[NEW])


def say_reseal() -> str:
    said = io.StringIO()
    call_command("reseal_secrets", stdout=said)
    return said.getvalue()


def with_second_factors(user: User) -> tuple[str, list[str]]:
    """Give somebody both kinds that hold a secret; return the TOTP secret and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).generate_codes()


@pytest.mark.parametrize("text", ["", "hush", base64.b64encode(b"hush" * 40).decode(), "ä"])
def test_what_we_did_not_seal_is_not_opened(text: str) -> None:
    with pytest.raises(Unreadable):
        unseal(text)
    with pytest.raises(Unreadable):
        reseal(text)


def test_a_changed_seal_is_not_opened() -> None:
    sealed = seal("a secret")
    with pytest.raises(Unreadable):
        unseal(sealed[:-8] + "AAAAAAA=")


def test_a_key_that_was_taken_away_opens_nothing() -> None:
    sealed = seal("a secret")
    with NEW_ALONE, pytest.raises(Unreadable):
        unseal(sealed)


def test_nothing_is_changed_when_one_secret_cannot_be_opened(vera: User) -> None:
    with_second_factors(vera)
    Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).update(
        data={"seed": "spoilt", "used_mask": 0}
    )
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    with BOTH, pytest.raises(CommandError, match="Nothing was changed"):
        say_reseal()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_any_key_opens_and_the_first_one_seals() -> None:
    old = seal("a secret")
    with BOTH:
        assert unseal(old) == "a secret"
        new, renewed = seal("a secret"), reseal(old)
    with NEW_ALONE:
        assert unseal(new) == unseal(renewed) == "a secret"


def test_secrets_are_not_in_the_database(vera: User) -> None:
    secret, codes = with_second_factors(vera)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_after_resealing_the_old_key_can_be_taken_away(vera: User) -> None:
    secret, codes = with_second_factors(vera)
    kid = ring.signing().kid
    with BOTH:
        assert "Second factors: 2, signing keys: 1." in say_reseal()
    with NEW_ALONE:
        ring.forget()
        assert ring.signing().kid == kid
        app = Authenticator.objects.get(user=vera, type=Authenticator.Type.TOTP)
        assert unseal(app.data["secret"]) == secret
        paper = Authenticator.objects.get(user=vera, type=Authenticator.Type.RECOVERY_CODES)
        assert RecoveryCodes(paper).get_unused_codes() == codes
