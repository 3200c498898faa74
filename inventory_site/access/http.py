"""The request as our views see it, and what a view declares about who may call it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from inventory_site.access.models import Person
from inventory_site.access.roles import Permission


class Request(HttpRequest):
    """A request of somebody who signed in: mypy and the reader both know who."""

    user: Person
    htmx: HtmxDetails


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page (and not for a page out of its history)."""
    htmx = cast("Request", request).htmx
    return bool(htmx) and not htmx.history_restore_request


def path_of(address: str | None) -> str:
    """Return path and query of an address that a client claims, "/" where it is none."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return "/"
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"


type View[**P] = Callable[Concatenate[Request, P], HttpResponseBase]


def requires[**P](permission: Permission) -> Callable[[View[P]], View[P]]:
    """Let a view be called only by people whose role includes `permission`; others get a 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        cast("Any", checked).permission = permission  # read by the tests of all routes
        return checked  # type: ignore[return-value]  # the request's name is no matter

    return decorate


public = login_not_required
"""Marks the few views that anybody may call: alive, ready."""
