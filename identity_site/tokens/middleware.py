"""Keeps sessions within their limits, and the two cookies in step with the session."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from identity_site.accounts import second_factor
from identity_site.accounts.models import User
from identity_site.tokens import cookies, session_limits
from identity_site.tokens.access_token import NotEntitled, is_fresh

# Programs ask for these, with or without somebody's cookies, and caches may keep the answer.
# The renewal answers in a form of its own.
COOKIELESS = frozenset({"jwks", "healthz", "readyz", "renewal"})
# What programs call: who is asking there need not be who the browser's session belongs to.
PROGRAMS = ("/accounts/_allauth/", "/accounts/api/")


class SessionLimitsMiddleware:
    """Signs people out whose session is too old or was idle for too long.

    Stands after AuthenticationMiddleware, and before LoginRequiredMiddleware, which then sends
    them to the sign-in page as it does everybody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """End a session that is over, before the view is called."""
        if not _is_cookieless(request) and session_limits.is_over(request.session):
            logout(request)


class AccessCookieMiddleware:
    """Hands out the token while somebody is signed in, and takes it back when they are not.

    It looks at the state after every response rather than at events, so every way in and out is
    covered without a hook per flow. Must be the innermost middleware, to see the final session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and set or clear the cookies on the answer."""
        response = self.get_response(request)
        # A program that says who it is by a header has no use for cookies.
        is_program = request.path.startswith(PROGRAMS) or "Authorization" in request.headers
        if not is_program and not _is_cookieless(request):
            keep_in_step(request, response)
        return response


def keep_in_step(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookies when somebody is signed in and has no fresh ones; clear them else."""
    user, session = request.user, request.session
    if not user.is_authenticated or not session.session_key:
        if cookies.has_any(request):
            cookies.take_back(response)
        return
    session_limits.touch(session)
    response.headers.setdefault("Cache-Control", "private, no-store")
    # People come to the sign-in page exactly when their token was refused: it is always renewed.
    if request.path != settings.LOGIN_URL and _are_fresh(request, user):
        return
    try:
        cookies.hand_out(response, user, session)
    except NotEntitled:
        if cookies.has_any(request):
            cookies.take_back(response)


def _are_fresh(request: HttpRequest, user: User) -> bool:
    token = request.COOKIES.get(settings.ACCESS_COOKIE)
    return (
        token is not None
        and bool(request.COOKIES.get(settings.FRESH_COOKIE))
        and is_fresh(token, user, request.session)
        and not second_factor.is_missing(user, request.session)
    )


def _is_cookieless(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in COOKIELESS
