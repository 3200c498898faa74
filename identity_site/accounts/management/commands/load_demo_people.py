"""Makes one person per role, for a system that is only shown."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand
from django.db import transaction
from environs import FileAwareEnv

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role

DOMAIN = "techstock.example"
NAMES = {
    Role.VIEWER: "Vera Novak",
    Role.OPERATOR: "Otávio Prado",
    Role.MANAGER: "Marina Ribeiro",
    Role.ADMIN: "Amara Okafor",
}


class Command(BaseCommand):
    """Make the demo people who are not there yet."""

    help = f"Makes viewer@, operator@, manager@ and admin@{DOMAIN} with the password DEMO_PASSWORD."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make them; people who are there already stay as they are."""
        password = FileAwareEnv(strip_whitespace=True).str("DEMO_PASSWORD")
        for role, name in NAMES.items():
            email = f"{role}@{DOMAIN}"
            if User.objects.filter(email=email).exists():
                continue
            user = User.objects.create_user(email, password, name=name, role=role)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            self.stdout.write(f"Made {email} ({name}).")
