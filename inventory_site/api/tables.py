"""Whole lists as CSV, for programs that accept nothing but it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http.response import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, DecimalField

from inventory_site.csv_answers import csv_answer


class CsvRenderer(BaseRenderer):
    """Takes part in negotiating; `csv_list` sends the rows as they come."""

    media_type = "text/csv"
    format = "csv"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """Render nothing: every answer with this type is a stream."""
        raise NotImplementedError


def wants_csv(request: Request) -> bool:
    """Tell whether the program asks for CSV."""
    return isinstance(request.accepted_renderer, CsvRenderer)


def csv_list(
    name: str, serializer: BaseSerializer[Any], rows: Iterable[Any]
) -> StreamingHttpResponse:
    """Answer with every row, a column for each field that the list has in JSON."""
    fields: Mapping[str, Any] = getattr(serializer, "fields", {})
    columns = [field for field, it in fields.items() if not it.write_only]
    told = (serializer.to_representation(row) for row in rows)
    return csv_answer(
        name, columns, ([_cell(fields[it], each[it]) for it in columns] for each in told)
    )


def _cell(field: Any, value: Any) -> Any:
    """Return a value as a cell; money is a number there, or less than nothing were a formula."""
    if isinstance(field, DecimalField) and value is not None:
        return Decimal(value)
    return json.dumps(value) if isinstance(value, list | dict) else value
