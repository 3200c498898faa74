"""Problem documents (RFC 9457) as the answer of every view of Django REST framework."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

CONTENT_TYPE = "application/problem+json"


class TooLarge(APIException):
    """A body of more than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes."""

    status_code = 413
    default_detail = gettext_lazy("The body is too large.")


class NoSuchAddress(APIView):
    """Answers for every address of the API that does not exist."""

    authentication_classes = []
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse."""
        raise NotFound


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn a refusal into a problem document; None for a fault of ours, which is a 500."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    response = exception_handler(error, context)
    if response is None:
        return None
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(error, ValidationError):
        response.data = {
            **problem,
            "detail": _("Some of what was sent is not right."),
            "errors": response.data,
        }
    else:
        response.data = {**problem, "detail": response.data["detail"]}
    response.content_type = CONTENT_TYPE
    return response
