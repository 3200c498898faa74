"""Problem documents: what programs get instead of a page (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse


def problem(status: HTTPStatus, detail: str, **headers: str) -> JsonResponse:
    """Answer a program that something is wrong; `detail` says what, in the reader's language."""
    return JsonResponse(
        {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
