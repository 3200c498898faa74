"""Pages that cost the same wherever they are: keyset pagination, forwards and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50
MAX_CURSOR = 1_000


@dataclass(frozen=True, slots=True)
class Page[Row]:
    """Some rows, and the cursors of the pages around them (None where there is no such page)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page_of[Row: Model](
    rows: QuerySet[Row], *, order: list[str], cursor: str, size: int = PAGE_SIZE
) -> Page[Row]:
    """Return the page of `rows` that `cursor` names, the first where it names none.

    `order` lists the fields to sort by, all ascending or all with a minus, the last one unique; an
    index over them makes every page cost the same. Source: https://use-the-index-luke.com/no-offset
    """
    start = start_of(cursor, rows.model, order)
    wanted = [_flipped(name) for name in order] if start.backwards else order
    found = list(rows.filter(_beyond(wanted, start.values)).order_by(*wanted)[: size + 1])
    names = [name.lstrip("-") for name in order]
    return page_from(
        found, start, size=size, place=lambda row: [getattr(row, name) for name in names]
    )


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins: behind the row that has these values, or, backwards, before it."""

    values: list[Any]
    backwards: bool = False


def start_of(cursor: str, model: type[Model], order: list[str]) -> Start:
    """Return where the page begins that `cursor` names: at the first row where it names none."""
    backwards, values = _decoded(cursor, model, order) or (False, [])
    return Start(values, backwards)


def page_from[Row](
    found: list[Row], start: Start, *, place: Callable[[Row], list[Any]], size: int = PAGE_SIZE
) -> Page[Row]:
    """Return a page of up to `size` + 1 rows that were found, in the direction of `start`.

    `place` returns a row's values of the fields that are sorted by.
    """
    more, found = len(found) > size, found[:size]
    if start.backwards:
        found.reverse()
    has_next, has_previous = (True, more) if start.backwards else (more, bool(start.values))
    return Page(
        found,
        _encoded(place(found[-1]), backwards=False) if found and has_next else None,
        _encoded(place(found[0]), backwards=True) if found and has_previous else None,
    )


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: list[str], values: list[Any]) -> Q:
    """Select what sorts after `values`: (a, b) > (x, y), written so that an index on a is used."""
    condition = Q()
    for index in reversed(range(len(values))):
        name = order[index].lstrip("-")
        than = "lt" if order[index].startswith("-") else "gt"
        strictly = Q((f"{name}__{than}", values[index]))
        equal = Q((name, values[index])) & condition
        condition = (strictly | equal) if condition else strictly
    if values:
        name = order[0].lstrip("-")
        condition &= Q((f"{name}__{'lte' if order[0].startswith('-') else 'gte'}", values[0]))
    return condition


def _encoded(values: list[Any], *, backwards: bool) -> str:
    text = json.dumps([backwards, values], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str, model: type[Model], order: list[str]) -> tuple[bool, list[Any]] | None:
    """Read a cursor; None for none and for anything that is not one of ours."""
    if len(cursor) > MAX_CURSOR:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if len(values) != len(order) or not all(isinstance(v, str | int) for v in values):
            return None
        text = json.dumps(values, ensure_ascii=False).encode()  # lone surrogates end here
        if b"\\u0000" in text:
            return None
        fields = [model._meta.get_field(name.lstrip("-")) for name in order]
        return bool(backwards), [f.to_python(v) for f, v in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, OverflowError, ValidationError):
        return None
