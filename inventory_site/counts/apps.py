"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CountsConfig(AppConfig):
    """What people found on the shelves, and what came of it."""

    name = "inventory_site.counts"
    label = "counts"
    verbose_name = _("stock counts")
