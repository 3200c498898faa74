"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people and programs should hear of, and how they do."""

    name = "inventory_site.notices"
    label = "notices"
    verbose_name = _("notices")
