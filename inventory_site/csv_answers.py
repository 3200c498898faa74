"""Lists as CSV: for who asks with `?format=csv`, and for programs that accept nothing but it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, chain

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from inventory_site.imports.exports import PIECE, safe


def wants_csv(request: HttpRequest) -> bool:
    """Tell whether a list is to be CSV and not a page."""
    if request.GET.get("format") == "csv":
        return True
    if "text/csv" not in request.META.get("HTTP_ACCEPT", ""):  # a browser: told without parsing
        return False
    return request.get_preferred_type(["text/html", "text/csv"]) == "text/csv"


def csv_answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Send `rows` as the file `name`.csv, as they come; memory does not grow with them.

    UTF-8 with a byte order mark, for Excel; no cell is taken for a formula.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    pieces = _pieces(chain([header], rows))
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def not_understood(form: BaseForm) -> HttpResponse:
    """Say in plain text what is wrong with a question; a program could not read a page."""
    sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
    return HttpResponse(
        "\n".join(sentences) + "\n", content_type="text/plain; charset=utf-8", status=422
    )


def _pieces(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield "\ufeff".encode()
    for some in batched(rows, PIECE):
        lines = [writer.writerow([_cell(value) for value in row]) for row in some]
        yield "".join(lines).encode()


def _cell(value: object) -> object:
    return safe(value) if isinstance(value, str) else "" if value is None else value


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
