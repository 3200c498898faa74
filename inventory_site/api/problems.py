"""Every refusal as a problem document (RFC 9457): a sentence for people, a code for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.db.models import Model, ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import server_error as server_error_page
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView, exception_handler

from inventory_site.access.problem import problem
from inventory_site.products.models import Location, Product
from inventory_site.stock.refusals import KeyReused, Refusal, RefusedLine

WHOLE = "non_field_errors"
"""The name under which errors of no single field stand."""
FOREIGN_KEY_VIOLATION = "23503"


class TooLarge(APIException):
    """A body of more than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes."""

    status_code = 413
    default_detail = gettext_lazy("The body is too large.")
    default_code = "too_large"


class Conflict(APIException):
    """What was asked for does not go with how things are; nothing was written."""

    status_code = 409
    default_detail = gettext_lazy("This changed meanwhile. Look again.")
    default_code = "conflict"


class NoSuchAddress(APIView):
    """Answers for every address of the API that does not exist."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse."""
        raise NotFound


def answer_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn a refusal into a problem document; None for a fault of ours, which is a 500."""
    more: dict[str, Any] = {}
    if isinstance(error, Refusal):
        more = _told(error)
    known = _known(error)
    response = exception_handler(known, context)  # which also undoes what was begun
    if response is None or not isinstance(known, APIException):
        return _standard(response)
    detail, code = str(known.detail), known.get_codes()
    if isinstance(known, ValidationError):
        detail, code = _("Some of what was sent is not right."), known.default_code
        more["errors"] = response.data
    headers = {name: str(value) for name, value in response.headers.items()}
    headers.pop("Content-Type", None)
    status = HTTPStatus(response.status_code)
    return problem(status, detail, code=str(code), more=more, headers=headers)


def _standard(response: HttpResponse | None) -> JsonResponse | None:
    """Word what Django itself raises: a 404 or a 403."""
    if response is None:
        return None
    if response.status_code == HTTPStatus.NOT_FOUND:
        return problem(HTTPStatus.NOT_FOUND, _("There is no such thing."), code="not_found")
    sentence = _("You may not do this.")
    return problem(HTTPStatus.FORBIDDEN, sentence, code="permission_denied")


def _known(error: Exception) -> Exception:
    """Return what a refusal of the domain or of the database is to a program."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, KeyReused):
        sentence = _("This Idempotency-Key was already used for something else.")
        return Conflict(sentence, error.code)
    if isinstance(error, Refusal):
        return Conflict(error.sentence, error.code)
    if isinstance(error, ModelError):
        return ValidationError(by_field(error))
    if isinstance(error, IntegrityError):
        return _clash(error) or error
    return error


def by_field(error: ModelError) -> dict[str, list[str]]:
    """Return what is wrong, in sentences, by field."""
    if not hasattr(error, "error_dict"):
        return {WHOLE: error.messages}
    return {WHOLE if name == "__all__" else name: it for name, it in error.message_dict.items()}


def _clash(error: IntegrityError) -> Conflict | None:
    """Word what only the database could see, because others wrote at the same time."""
    diag = getattr(error.__cause__, "diag", None)
    if isinstance(error, ProtectedError) or getattr(diag, "sqlstate", "") == FOREIGN_KEY_VIOLATION:
        return Conflict(_("Something that this is tied to changed meanwhile. Look again."))
    name = getattr(diag, "constraint_name", "")
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Conflict(constraint.get_violation_error_message(), "already_exists")
    return None


def _told(refusal: Refusal) -> dict[str, Any]:
    """Return what a refusal knows beside its sentence: `units` it names, lines in the way."""
    more: dict[str, Any] = {} if refusal.detail is None else {"units": refusal.detail}
    if refusal.lines:
        products = _codes(Product, "sku", [line.product_id for line in refusal.lines])
        places = _codes(Location, "code", [line.location_id for line in refusal.lines])
        more["lines"] = [
            {**_line(line, products, places), "code": refusal.code} for line in refusal.lines
        ]
    return more


def _line(line: RefusedLine, products: dict[int, str], places: dict[int, str]) -> dict[str, Any]:
    return {
        "number": line.number,
        "transaction": line.transaction_id,
        "product": products.get(line.product_id),
        "location": places.get(line.location_id),
        "available": line.available,
    }


def _codes(model: type[Model], field: str, ids: list[int]) -> dict[int, str]:
    found = model._default_manager.filter(pk__in=ids)
    return dict(found.values_list("pk", field))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours: a program gets a document, a person a page."""
    if not request.path.startswith("/api/"):
        return server_error_page(request)
    sentence = _("Something went wrong here. Nothing was half done; try again later.")
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, sentence, code="fault")
