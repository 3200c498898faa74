"""Makes the first administrator."""

import getpass
import sys
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from environs import FileAwareEnv

from identity_site.accounts.models import Invitation, User
from identity_site.accounts.roles import Role


class Command(BaseCommand):
    """Ask for the first administrator, or take them from the environment."""

    help = (
        "Makes the first administrator from FIRST_ADMIN_EMAIL, FIRST_ADMIN_PASSWORD and"
        " FIRST_ADMIN_NAME (or asks on a terminal); does nothing when there is an active one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the administrator, with an address that counts as verified."""
        if User.objects.active_admins().exists():
            self.stdout.write("There is an active administrator already.")
            return
        email = User.objects.normalize_email(self._value("EMAIL", "E-mail of the administrator"))
        name = self._value("NAME", "Name")
        password = self._value("PASSWORD", "Password", secret=True)
        try:
            make_admin(email, name, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{email} is an administrator now.")

    def _value(self, field: str, question: str, *, secret: bool = False) -> str:
        name = f"FIRST_ADMIN_{field}"
        value: str = FileAwareEnv(strip_whitespace=True).str(name, "")
        if value:
            return value
        if not sys.stdin.isatty():
            raise CommandError(f"There is no administrator yet: set {name}.")
        ask = getpass.getpass if secret else input
        return ask(f"{question}: ").strip()


@transaction.atomic
def make_admin(email: str, name: str, password: str) -> None:
    """Make somebody an active administrator with this password, even if they signed up before.

    Raises `ValidationError` when the address, the name or the password will not do.
    """
    user = User.objects.filter(email=email).first() or User(email=email)
    user.name, user.role, user.is_active = name, Role.ADMIN, True
    user.set_password(password)
    user.full_clean()
    validate_password(password, user)
    user.save()
    Invitation.objects.filter(person=user).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
