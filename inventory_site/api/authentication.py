"""Who calls: whoever `TokenMiddleware` found, by a bearer token or by a browser's cookie."""

from __future__ import annotations

from typing import cast

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from inventory_site.access.models import Person


class PersonAuthentication(SessionAuthentication):
    """Hands on who the middleware found; a write with a cookie needs a CSRF token as well."""

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750, 3)."""
        return "Bearer"


def person_of(request: Request) -> Person:
    """Return who asks; permissions let nobody through who is nobody."""
    return cast("Person", request.user)
