"""Lists a page at a time: in an order out of a few, from where a cursor points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.paging import PAGE_SIZE, Page, page_of, start_of

MOST = 200
ASKED = ("cursor", "limit", "ordering")
"""Query parameters that every list takes."""

type Orderings = Mapping[str, list[str]]
"""By the word of `?ordering=`, the fields to sort by, ascending, the last one unique."""


def order_of(request: Request, orderings: Orderings, usual: str) -> list[str]:
    """Return the fields that `?ordering=` names, with a minus where it has one."""
    word = request.query_params.get("ordering") or usual
    names = orderings.get(word.removeprefix("-"))
    if names is None:
        choices = ", ".join(choices_of(orderings))
        sentence = _("Choose one of these: %(choices)s.") % {"choices": choices}
        raise ValidationError({"ordering": [sentence]})
    return [f"-{name}" for name in names] if word.startswith("-") else names


def choices_of(orderings: Orderings) -> list[str]:
    """Return what `?ordering=` may be."""
    return [choice for word in orderings for choice in (word, f"-{word}")]


def limit_of(request: Request) -> int:
    """Return how many rows a page is to have."""
    text = request.query_params.get("limit", str(PAGE_SIZE))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= number <= MOST:
        sentence = _("Choose from 1 to %(most)d.") % {"most": MOST}
        raise ValidationError({"limit": [sentence]})
    return number


def cursor_of(request: Request, model: type[Model], order: list[str]) -> str:
    """Return the cursor; one that is not of this list would begin it again, round and round."""
    cursor = request.query_params.get("cursor", "")
    if cursor and not start_of(cursor, model, order).values:
        sentence = _("This cursor is not one of this list. Take `next` or `previous` as it is.")
        raise ValidationError({"cursor": [sentence]})
    return cursor


def page_answer(request: Request, page: Page[Any], data: Any) -> Response:
    """Answer with a page and the ways to those around it, in the document and as `Link`s."""
    ways = {"next": page.next, "previous": page.previous}
    links = {name: _address(request, cursor) for name, cursor in ways.items()}
    given = [f'<{link}>; rel="{name}"' for name, link in links.items() if link]
    headers = {"Link": ", ".join(given)} if given else None
    return Response({**links, "results": data}, headers=headers)


def _address(request: Request, cursor: str | None) -> str | None:
    """Return the address of the same list at another page; never by a Host header."""
    if cursor is None:
        return None
    query = urlencode(request.query_params.dict() | {"cursor": cursor})
    return f"{settings.PUBLIC_ORIGIN}{request.path}?{query}"


class Keyset(BasePagination):
    """Pages whose cost does not grow, of a viewset that states `orderings` and `ordering`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that is asked for."""
        order = order_of(request, view.orderings, view.ordering)
        cursor = cursor_of(request, queryset.model, order)
        self.request = request
        self.page = page_of(queryset, order=order, cursor=cursor, size=limit_of(request))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Answer with the page."""
        return page_answer(self.request, self.page, data)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "properties": {
                "next": link | {"description": "The page after this one.", "example": None},
                "previous": link | {"description": "The page before this one.", "example": None},
                "results": schema,
            },
            "required": ["next", "previous", "results"],
        }
