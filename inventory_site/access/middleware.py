"""From cookie to person, and refusal by default."""

import logging

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from inventory_site.access.http import is_fragment, path_of
from inventory_site.access.tokens import BadToken, person_of

log = logging.getLogger(__name__)


class TokenMiddleware(AuthenticationMiddleware):
    """Turns the access cookie into `request.user`, without a query; a bad token is nobody."""

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.user`."""
        request.user = AnonymousUser()
        if token := request.COOKIES.get(settings.ACCESS_COOKIE):
            try:
                request.user = person_of(token)
            except BadToken as error:
                log.info("refused a token: %s", error)

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
            return redirect_to_login(request.get_full_path())
        return render(request, "401.html", {"next": _page_before(request)}, status=401)


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page that a post came from, if it is ours."""
    before = request.headers.get("Referer", "")
    return path_of(before) if before.startswith(f"{settings.PUBLIC_ORIGIN}/") else "/"
