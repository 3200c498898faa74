"""The accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.rights import grant_app_rights


class AccountsConfig(AppConfig):
    """People and their accounts."""

    name = "identity_site.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let every migration end with the app role's rights."""
        post_migrate.connect(grant_app_rights, sender=self)
