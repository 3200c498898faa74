"""Replaces the key that signs, without a token that anybody refuses.

The new key is published long before it signs, so that every verifier knows it by then; the old one
stays published until the last token that it signed has expired.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from identity_site.tokens import signing_key
from identity_site.tokens.key_ring import CACHE_SECONDS, lock_keys, ring, save_key
from identity_site.tokens.models import SigningKey

SHORTEST_LEAD = timedelta(seconds=10)
# How often the inventory site reads our keys, and how long a cache may keep them.
VERIFIERS_REFRESH = timedelta(seconds=60)
OLD_TOKENS_LAST = timedelta(
    seconds=settings.TOKEN_SECONDS + settings.TOKEN_LEEWAY_SECONDS + CACHE_SECONDS
)


class RotationRefused(Exception):
    """Keys are not rotated now; the text is a sentence that says why."""


def rotate(lead: timedelta) -> None:
    """Publish a new key now, let it sign after `lead`, and retire the old one in good time.

    Raises `RotationRefused` while an earlier rotation has yet to happen, or for a lead that is too
    short for a process that has just read the keys, and `KeyUnreadable` as `KeyRing.signing` does.
    """
    if lead < SHORTEST_LEAD:
        raise RotationRefused(f"The lead must be at least {SHORTEST_LEAD.seconds} seconds.")
    ring.signing()  # so that there is one to replace
    with transaction.atomic():
        lock_keys()
        keys = SigningKey.objects.living(timezone.now())
        if pending := keys.filter(activates_at__gt=timezone.now()).first():
            raise RotationRefused(
                "A rotation is under way already: its key begins to sign at"
                f" {timezone.localtime(pending.activates_at):%Y-%m-%d %H:%M:%S %Z}."
            )
        pem = signing_key.new_pem()  # takes a while, which must not shorten the lead
        activates_at = timezone.now() + lead
        keys.filter(retires_at=None).update(retires_at=activates_at + OLD_TOKENS_LAST)
        save_key(pem, activates_at=activates_at)
    ring.forget()


def rotate_at_once() -> None:
    """Let a new key sign now, and retire all others now: every token is void, and renewed.

    For a key that somebody else may have. Needs to unseal none of the old ones.
    """
    pem = signing_key.new_pem()
    with transaction.atomic():
        lock_keys()
        now = timezone.now()
        SigningKey.objects.living(now).update(retires_at=now)
        save_key(pem, activates_at=now)
    ring.forget()
