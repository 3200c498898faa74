"""Who calls our own API: a token in the Authorization header, a session's key, or a browser."""

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from identity_site.accounts import second_factor
from identity_site.accounts.models import User
from identity_site.tokens import access_token


def bearer_token(request: Request) -> str | None:
    """Return the token of the Authorization header; empty if it holds none, None without one."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _space, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class BearerAuthentication(BaseAuthentication):
    """An access token. Where the header is there it alone decides: no cookie makes up for it."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """Return who the token speaks for, None without one; raise for one that is not good."""
        token = bearer_token(request)
        return None if token is None else self.user_and_auth_of(request, token)

    def user_and_auth_of(self, request: Request, token: str) -> tuple[User, Any]:
        """Return who a token speaks for, and what more `request.auth` shall say."""
        user = access_token.user_of(token)
        if user is None:
            raise AuthenticationFailed(_("The token is not good, or not good any more."))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750, 3)."""
        return 'Bearer error="invalid_token"' if "Authorization" in request.headers else "Bearer"


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """The key that signing in with allauth's API hands out. A bad one is not made up for either."""

    def authenticate(  # type: ignore[override]  # it gets the framework's request, not Django's
        self, request: Request
    ) -> tuple[User, SessionBase] | None:
        """Return whose session it is, None without a key; raise for one that is not good."""
        found: tuple[User, SessionBase] | None = super().authenticate(request)
        if found is None and self.get_session_token(request):
            raise AuthenticationFailed(_("Nobody is signed in with this session token."))
        if found is not None and second_factor.is_missing(*found):
            raise PermissionDenied(second_factor_needed())
        return found


def second_factor_needed() -> str:
    """Say why a session is not enough."""
    return _("Your role needs two steps at sign-in, and this session has shown only one.")
