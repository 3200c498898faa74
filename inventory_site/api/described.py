"""How the OpenAPI document describes refusals: one schema, one example a status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

Document = dict[str, Any]

PROBLEM: Document = {
    "type": "object",
    "description": "Why something was refused (RFC 9457). Nothing was written.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "What the status means."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in their language."},
        "code": {"type": "string", "description": "The reason for programs; it never changes."},
        "errors": {
            "type": "object",
            "description": "Sentences by field, where fields are at fault.",
            "additionalProperties": True,
        },
        "units": {"type": "integer", "description": "The number that the sentence names."},
        "lines": {
            "type": "array",
            "description": "The lines that stand in the way of an act of several.",
            "items": {
                "type": "object",
                "properties": {
                    "number": {
                        "type": "integer",
                        "nullable": True,
                        "description": "Which of the lines that were sent, from 1.",
                    },
                    "transaction": {"type": "integer", "nullable": True},
                    "product": {"type": "string", "nullable": True, "description": "SKU."},
                    "location": {"type": "string", "nullable": True, "description": "Code."},
                    "available": {"type": "integer", "description": "Units."},
                    "code": {"type": "string", "description": "The reason, as above."},
                },
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
PROBLEM_TYPE = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}


def _refusal(status: HTTPStatus, code: str, detail: str, **more: Any) -> Document:
    said = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    example = said | {"detail": detail, "code": code} | more
    content = {"schema": PROBLEM_SCHEMA, "example": example}
    return {"description": detail, "content": {PROBLEM_TYPE: content}}


STATUS = {
    "Invalid": HTTPStatus.BAD_REQUEST,
    "NotSignedIn": HTTPStatus.UNAUTHORIZED,
    "NotAllowed": HTTPStatus.FORBIDDEN,
    "NotFound": HTTPStatus.NOT_FOUND,
    "NotAcceptable": HTTPStatus.NOT_ACCEPTABLE,
    "Conflict": HTTPStatus.CONFLICT,
    "Stale": HTTPStatus.PRECONDITION_FAILED,
    "TooLarge": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "NotJson": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "VersionNeeded": HTTPStatus.PRECONDITION_REQUIRED,
    "TooMany": HTTPStatus.TOO_MANY_REQUESTS,
}
_SAID: dict[str, tuple[str, str]] = {
    "Invalid": ("invalid", "Some of what was sent is not right."),
    "NotSignedIn": ("not_authenticated", "The access token is missing, or no longer valid."),
    "NotAllowed": ("permission_denied", "The role or the scope of the token is not enough."),
    "NotFound": ("not_found", "There is no such thing."),
    "NotAcceptable": ("not_acceptable", "It cannot be had as this type."),
    "Conflict": ("insufficient_stock", "The domain refuses it; `code` says why."),
    "Stale": ("stale", "Somebody changed this meanwhile. Read it again."),
    "TooLarge": ("too_large", "The body is too large."),
    "NotJson": ("unsupported_media_type", "The body must be application/json."),
    "VersionNeeded": ("if_match_missing", "Send an If-Match header with the ETag you have read."),
    "TooMany": ("throttled", "More requests than are allowed in a minute: see Retry-After."),
}
_MORE: dict[str, Document] = {"Invalid": {"errors": {"name": ["This field is required."]}}}
REFUSALS = {
    name: _refusal(STATUS[name], *said, **_MORE.get(name, {})) for name, said in _SAID.items()
}
REFUSALS["TooMany"]["headers"] = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}
}

_ALWAYS = ["Invalid", "NotSignedIn", "NotAllowed", "NotFound", "NotAcceptable", "TooMany"]
_WRITE = [*_ALWAYS, "Conflict", "TooLarge", "NotJson"]
_CHANGE = [*_WRITE, "Stale", "VersionNeeded"]
ERRORS = {"get": _ALWAYS, "post": _WRITE, "put": _CHANGE, "patch": _CHANGE, "delete": _CHANGE}
"""By method, how an operation may be refused."""
