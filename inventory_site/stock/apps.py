"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StockConfig(AppConfig):
    """How many there are, and every act that changed it."""

    name = "inventory_site.stock"
    label = "stock"
    verbose_name = _("stock")
