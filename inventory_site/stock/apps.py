"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StockConfig(AppConfig):
    """How many there are, and every act that changed it."""

    name = "inventory_site.stock"
    label = "stock"
    verbose_name = _("stock")

    def ready(self) -> None:
        """Tell the database what it must know of the settings, whenever the owner has migrated."""
        from inventory_site.stock.policy import write_policy  # noqa: PLC0415 (apps first)

        post_migrate.connect(write_policy, sender=self)
