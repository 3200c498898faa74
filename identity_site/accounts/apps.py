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
        """Let every migration end with the app role's rights, and every sign-in be noticed."""
        post_migrate.connect(grant_app_rights, sender=self)
        # Notices who signs in, now that there are models to notice.
        from identity_site.accounts import invitations, receivers  # noqa: F401, PLC0415
