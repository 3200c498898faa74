"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for programs."""

    name = "inventory_site.api"
    label = "api"
