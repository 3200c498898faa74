"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Files in and out."""

    name = "inventory_site.imports"
    label = "imports"
    verbose_name = _("imports")
