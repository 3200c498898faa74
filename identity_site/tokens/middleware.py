"""Keeps the access cookie in step with the session."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from identity_site.accounts.models import User
from identity_site.tokens.access_token import is_fresh, mint

# Programs ask for these, with or without somebody's cookies, and caches may keep the answer.
COOKIELESS = frozenset({"jwks", "healthz", "readyz"})


class AccessCookieMiddleware:
    """Hands out the token while somebody is signed in, and takes it back when they are not.

    It looks at the state after every response rather than at events, so every way in and out is
    covered without a hook per flow. Must be the innermost middleware, to see the final session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and set or clear the cookie on the answer."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or match.view_name not in COOKIELESS:
            keep_in_step(request, response)
        return response


def keep_in_step(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie when somebody is signed in and has no fresh one; clear it when nobody is."""
    token = request.COOKIES.get(settings.ACCESS_COOKIE)
    user, session = request.user, request.session
    if not user.is_authenticated or not session.session_key:
        if token is not None:
            response.delete_cookie(settings.ACCESS_COOKIE, samesite="Lax")
        return
    response.headers.setdefault("Cache-Control", "private, no-store")
    # People come to the sign-in page exactly when their token was refused: it is always renewed.
    if token and request.path != settings.LOGIN_URL and is_fresh(token, user, session):
        return
    stored = User.objects.get(pk=user.pk)  # a form may have left unsaved changes on request.user
    response.set_cookie(
        settings.ACCESS_COOKIE,
        mint(stored, session),
        max_age=settings.TOKEN_SECONDS,
        secure=settings.ACCESS_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
