"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """What can be stocked, and where."""

    name = "inventory_site.products"
    label = "products"
    verbose_name = _("products")
