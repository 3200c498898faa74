"""The two cookies of a browser: the token, and the marker that says it need not be renewed yet."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from identity_site.accounts.models import User
from identity_site.tokens import revocation
from identity_site.tokens.access_token import mint


def hand_out(response: HttpResponse, user: User, session: SessionBase) -> str:
    """Set a new token, and return it; raises `NotEntitled` as `mint` does.

    Without a marker while a change of role or password is still on its way to the inventory site:
    its cut-off will be later than this token, so the very next request has to renew it.
    """
    since = time.time()
    token = mint(user, session)
    _set(response, settings.ACCESS_COOKIE, token, settings.TOKEN_SECONDS)
    if revocation.is_under_way(user.pk, since=since):
        _clear(response, settings.FRESH_COOKIE)
    else:
        _set(response, settings.FRESH_COOKIE, "1", settings.TOKEN_FRESH_SECONDS)
    return token


def take_back(response: HttpResponse) -> None:
    """Clear both."""
    _clear(response, settings.ACCESS_COOKIE)
    _clear(response, settings.FRESH_COOKIE)


def take_back_session(response: HttpResponse) -> None:
    """Clear the cookie of a session that is over."""
    _clear(response, settings.SESSION_COOKIE_NAME)


def has_any(request: HttpRequest) -> bool:
    """Tell whether the browser sent one of the two."""
    return settings.ACCESS_COOKIE in request.COOKIES or settings.FRESH_COOKIE in request.COOKIES


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        secure=settings.ACCESS_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _clear(response: HttpResponse, name: str) -> None:
    _set(response, name, "", 0)
