"""From token to person, and refusal by default."""

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from inventory_site.access.http import is_fragment, path_of
from inventory_site.access.problem import problem
from inventory_site.access.roles import Permission
from inventory_site.access.signed import BadToken, TokenOver
from inventory_site.access.tokens import bearer_of, claims_to_be_new, person_of

log = logging.getLogger(__name__)


class TokenMiddleware(AuthenticationMiddleware):
    """Turns the token of a request into `request.user`, without a query.

    Where there is an `Authorization` header, it alone decides, and a bad one is refused at once: a
    program must not act as whoever's cookie happens to be there. A bad cookie is nobody.
    """

    def process_request(  # type: ignore[override]  # a program is answered here
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Set `request.user`; in `request.doubt`, what spoke against the cookie's token."""
        request.user = AnonymousUser()
        request.doubt = None  # type: ignore[attr-defined]
        if "HTTP_AUTHORIZATION" in request.META:
            return self._let_program_in(request)
        if token := request.COOKIES.get(settings.ACCESS_COOKIE):
            try:
                request.user = person_of(token)
            except BadToken as error:
                log.info("refused a token: %s", error)
                request.doubt = error  # type: ignore[attr-defined]
        return None

    def _let_program_in(self, request: HttpRequest) -> HttpResponse | None:
        try:
            request.user = bearer_of(request.META["HTTP_AUTHORIZATION"])
        except BadToken as error:
            log.info("refused a bearer token: %s", error)
            return problem(
                HTTPStatus.UNAUTHORIZED,
                _("The access token is missing, wrong, or no longer valid."),
                code="invalid_token",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        # No other site can make a browser send this header, as it can with a cookie.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Keep what was made for somebody out of every cache."""
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Refuses every view that is not marked public, each kind of request in its own way.

    A page is reached again after signing in; a fragment sends its whole page there; a plain post is
    never redirected silently, for what it carried would be lost: it gets a page that says so.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let nobody see anything whose token is not for reading; every role is."""
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal is None and getattr(view_func, "login_required", True):
            may = request.user.may  # type: ignore[union-attr]  # somebody, or they were refused
            if not may(Permission.READ):
                raise PermissionDenied
        return refusal

    def handle_no_permission(  # type: ignore[override]  # a refusal is not always a redirect
        self, request: HttpRequest, view_func: object
    ) -> HttpResponseBase:
        """Answer somebody who is not signed in."""
        if is_fragment(request):
            page = path_of(request.htmx.current_url)  # type: ignore[attr-defined]
            way = redirect_to_login(page).url
            answer: HttpResponse = HttpResponseClientRedirect(way)
            answer.status_code = 401
            return answer
        if request.method in {"GET", "HEAD"}:
            if _is_going_round(request):
                context = {"next": request.get_full_path(), "unproven": True}
                return render(request, "401.html", context, status=401)
            return redirect_to_login(request.get_full_path())
        return render(request, "401.html", {"next": _page_before(request)}, status=401)


def _is_going_round(request: HttpRequest) -> bool:
    """Tell whether the identity site has just made a token that is refused here all the same.

    Clocks or keys may differ. Signing in would bring the same back, round and round.
    """
    doubt = request.doubt  # type: ignore[attr-defined]
    is_odd = doubt is not None and not isinstance(doubt, TokenOver)
    is_marked = request.COOKIES.get(settings.FRESH_COOKIE) == "1"
    return is_odd and is_marked and claims_to_be_new(request.COOKIES[settings.ACCESS_COOKIE])


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page that a post came from, if it is ours."""
    before = request.headers.get("Referer", "")
    return path_of(before) if before.startswith(f"{settings.PUBLIC_ORIGIN}/") else "/"
