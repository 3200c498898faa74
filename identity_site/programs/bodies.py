"""What the body of a request must be: sound JSON, and not much of it.

`DATA_UPLOAD_MAX_MEMORY_SIZE` says how much.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

View = Callable[..., HttpResponseBase]


class SoundJSONParser(JSONParser):
    """JSON that is not nested beyond reason."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says; raise `ParseError` otherwise."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error


def only_sound_json(view: View) -> View:
    """Refuse a body that allauth or the database would stumble over, in allauth's own form.

    It must be a JSON object, not nested beyond reason, of text that UTF-8 can hold.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if request.body and request.method != "GET":
                _read(request.body)
        except RequestDataTooBig:
            return _refusal(413, _("The body is too large."))
        except (ValueError, RecursionError):
            return _refusal(400, _("The body must be a JSON object."))
        return view(request, *args, **kwargs)

    return guarded


def _read(body: bytes) -> None:
    data = json.loads(body.decode())
    if not isinstance(data, dict):
        raise ValueError("not an object")
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


def _refusal(status: int, message: str) -> JsonResponse:
    errors = [{"message": message, "code": "invalid"}]
    return JsonResponse({"status": status, "errors": errors}, status=status)
