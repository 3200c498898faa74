"""Keeps NUL characters out."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from inventory_site.access.problem import problem


class NulMiddleware:
    """Refuses addresses with a NUL character, which PostgreSQL's texts cannot hold.

    Forms refuse it by themselves, with a sentence at the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400, or pass the request on."""
        if "%00" in request.META["QUERY_STRING"] or "\x00" in request.path:
            if request.path.startswith("/api/"):
                sentence = _("An address must not hold NUL characters.")
                return problem(HTTPStatus.BAD_REQUEST, sentence, code="nul")
            return bad_request(request, BadRequest())
        return self.get_response(request)
