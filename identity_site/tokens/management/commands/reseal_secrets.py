"""Seals every stored secret anew, after a new encryption key was put first."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from identity_site.sealing import Unreadable, reseal
from identity_site.tokens.models import SigningKey


class Command(BaseCommand):
    """Seal everything with the first encryption key."""

    help = (
        "Seals the secrets of second factors and the signing keys with the first key of"
        " IDENTITY_ENCRYPTION_KEYS, so that the other ones can be taken away. All or nothing."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Reseal all of it, and say how much that was."""
        factors = keys = 0
        try:
            for factor in Authenticator.objects.select_for_update():
                factor.data = _resealed(factor.data)
                factor.save(update_fields=["data"])
                factors += 1
            # Those that have retired stay as they are: nobody has to read them again.
            for key in SigningKey.objects.living(timezone.now()).select_for_update():
                key.sealed = reseal(key.sealed)
                key.save(update_fields=["sealed"])
                keys += 1
        except Unreadable as error:
            raise CommandError(f"Nothing was changed: {error}.") from error
        self.stdout.write(
            f"Sealed with the first key. Second factors: {factors}, signing keys: {keys}."
        )


def _resealed(data: dict[str, Any]) -> dict[str, Any]:
    """Reseal what allauth encrypts of a second factor: a TOTP secret, or a seed of codes."""
    secrets = data.keys() & {"secret", "seed"}
    return {**data, **{name: reseal(data[name]) for name in secrets}}
