"""Decides which addresses may be followed after a form."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def is_own_url(url: str | None) -> bool:
    """Tell whether `url` stays on our origin: a path, or our scheme, host and port."""
    url = url or ""
    is_absolute = url.startswith(("/", f"{settings.PUBLIC_ORIGIN}/"))  # never the name of a view
    return (
        is_absolute
        and url.isprintable()
        and url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={urlsplit(settings.PUBLIC_ORIGIN).netloc},
            require_https=settings.PUBLIC_ORIGIN.startswith("https:"),
        )
    )
