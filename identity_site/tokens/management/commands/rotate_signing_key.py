"""Replaces the key that signs tokens."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from identity_site.tokens import rotation
from identity_site.tokens.key_ring import KeyUnreadable
from identity_site.tokens.models import SigningKey

ROW = "{:<44} {:<9} {:<24} {}"


class Command(BaseCommand):
    """Rotate the key that signs tokens, and tell what happens when."""

    help = (
        "Publishes a new signing key now, lets it sign after the lead, and retires the old one when"
        " the last token that it signed has expired. No token is refused meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how long to wait, or that there is no time for that."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--lead",
            type=int,
            default=3600,
            metavar="SECONDS",
            help="how long the new key is published before it signs (default 3600)",
        )
        one.add_argument(
            "--emergency",
            action="store_true",
            help="for a key that somebody else may have: a new one signs at once, and every token"
            " that is out now is void; living sessions renew theirs",
        )
        one.add_argument("--show", action="store_true", help="only show the keys")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, unless only asked to look, and show every key that has not retired."""
        try:
            if not options["show"]:
                self._rotate(timedelta(seconds=options["lead"]), emergency=options["emergency"])
        except rotation.RotationRefused as refused:
            raise CommandError(str(refused)) from refused
        except KeyUnreadable as error:
            raise CommandError(
                f"{error}. Only --emergency replaces a key that cannot be read."
            ) from error
        self._show(timezone.now())

    def _rotate(self, lead: timedelta, *, emergency: bool) -> None:
        if emergency:
            rotation.rotate_at_once()
            self.stdout.write(
                "Every token from before is void. The inventory site refuses them as soon as it"
                f" has read the new keys, in at most {rotation.VERIFIERS_REFRESH.seconds} s.\n\n"
            )
            return
        rotation.rotate(lead)
        if lead < rotation.VERIFIERS_REFRESH:
            self.stderr.write(
                f"Warning: the inventory site reads the keys every"
                f" {rotation.VERIFIERS_REFRESH.seconds} s. With a lead of {lead.seconds} s it may"
                " meet the new key before that, and has to fetch it while somebody waits.\n\n"
            )

    def _show(self, now: datetime) -> None:
        """Write a line for each key: what it does now, and until when."""
        keys = list(SigningKey.objects.living(now))
        signing = [key for key in keys if key.activates_at <= now][-1:]
        self.stdout.write(ROW.format("key", "now", "signs from", "published until"))
        for key in keys:
            state = "signs" if key in signing else "waits" if key.activates_at > now else "verifies"
            until = _moment(key.retires_at) if key.retires_at else "it is replaced"
            self.stdout.write(ROW.format(key.kid, state, _moment(key.activates_at), until))
        self.stdout.write("\nLook again with: manage.py rotate_signing_key --show")


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %Z}"
