"""The programs app."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Programs that act for somebody."""

    name = "identity_site.programs"
