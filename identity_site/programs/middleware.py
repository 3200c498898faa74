"""Keeps tokens and pages apart."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from identity_site.programs.problems import CONTENT_TYPE

# The API reads the header itself; beside a session token it means nothing, and may have expired.
KNOWS_TOKENS = ("/accounts/api/", "/accounts/_allauth/")


class NoTokensOnPagesMiddleware:
    """Refuses an Authorization header wherever only cookies say who somebody is.

    What it says would have to count more than the cookies; here nobody would look at it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 401, or pass the request on."""
        if "Authorization" not in request.headers or request.path.startswith(KNOWS_TOKENS):
            return self.get_response(request)
        problem = {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": _("Pages know no tokens. Programs call what is below /accounts/api/."),
        }
        return JsonResponse(
            problem,
            status=401,
            content_type=CONTENT_TYPE,
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
