"""The tokens app."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Keys, access tokens and their revocation."""

    name = "identity_site.tokens"

    def ready(self) -> None:
        """Notice every session that begins or ends, now that there are models to notice."""
        from identity_site.tokens import receivers  # noqa: F401, PLC0415
