"""Problem documents: what programs get instead of a page (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    code: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Answer a program that something is wrong.

    `detail` says what, in the reader's language; `code` says it to the program and never changes;
    `more` is whatever else it is to know.
    """
    said = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return JsonResponse(
        said | {"code": code} | dict(more or {}),
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
