"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    """Who is asking, and what they may do."""

    name = "inventory_site.access"
    label = "access"

    def ready(self) -> None:
        """Grant the app role its rights whenever the owner has migrated."""
        from inventory_site.access.rights import grant_app_rights  # noqa: PLC0415 (apps first)

        post_migrate.connect(grant_app_rights, sender=self)
