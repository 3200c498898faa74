"""What leaves as CSV, so that it can be imported again: the same columns, the same words.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; `cells.bare` takes
it away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from inventory_site.products.models import Category

PIECE = 500
"""Lines that are sent, and fetched, together."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def safe(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def export(kind: str) -> Iterator[str]:
    """Yield a file of one of `EXPORTS`, piece by piece; memory does not grow with it.

    UTF-8 text with a byte order mark, for Excel; the rows are of one moment.
    """
    header, rows = EXPORTS[kind]
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    piece: list[str] = []
    for row in rows():
        piece.append(writer.writerow([_cell(value) for value in row]))
        if len(piece) == PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _query(sql: str) -> Iterator[tuple[Any, ...]]:
    """Fetch the rows of a query as they are wanted."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(PIECE):
            yield from rows


def _products() -> Iterator[tuple[Any, ...]]:
    paths = _paths()
    for sku, name, maker, part_number, category, *rest in _query(
        "SELECT p.sku, p.name, m.name, p.part_number, p.category_id, p.description,"
        " p.reorder_point, p.is_active FROM products_product p"
        " LEFT JOIN products_manufacturer m ON m.id = p.manufacturer_id ORDER BY p.id"
    ):
        yield sku, name, maker, part_number, paths.get(category, ""), *rest


def _paths() -> dict[int | None, str]:
    """Return every category's way from the top, by its id."""
    names = {
        pk: (name, up) for pk, name, up in Category.objects.values_list("pk", "name", "parent")
    }
    paths: dict[int | None, str] = {}
    for pk in names:
        way: list[str] = []
        at: int | None = pk
        while at is not None:
            name, at = names[at]
            way.insert(0, name)
        paths[pk] = " > ".join(way)
    return paths


def _locations() -> Iterator[tuple[Any, ...]]:
    """Parents come before what is in them."""
    return _query(
        "WITH RECURSIVE way AS (SELECT id, code, name, NULL::varchar AS parent, 0 AS depth"
        " FROM products_location WHERE parent_id IS NULL"
        " UNION ALL SELECT l.id, l.code, l.name, w.code, w.depth + 1"
        " FROM products_location l JOIN way w ON w.id = l.parent_id)"
        " SELECT code, name, parent FROM way ORDER BY depth, code"
    )


def _stock() -> Iterator[tuple[Any, ...]]:
    return _query(
        "SELECT p.sku, l.code, s.on_hand,"
        " CASE WHEN s.on_hand > 0 AND t.average > 0 THEN round(t.average, 4) END"
        " FROM stock_level s JOIN products_product p ON p.id = s.product_id"
        " JOIN products_location l ON l.id = s.location_id"
        " JOIN stock_total t ON t.product_id = p.id ORDER BY p.id, l.code"
    )


def _movements() -> Iterator[tuple[Any, ...]]:
    return _query(
        "SELECT p.sku, l.code, t.kind, t.quantity, t.reason, t.reference,"
        " coalesce(t.occurred_on, (t.created_at AT TIME ZONE z.zone)::date), t.recipient, s.name,"
        " t.unit_cost FROM stock_transaction t JOIN stock_level v ON v.id = t.level_id"
        " JOIN products_product p ON p.id = v.product_id"
        " JOIN products_location l ON l.id = v.location_id"
        " CROSS JOIN stock_past z LEFT JOIN products_supplier s ON s.id = t.supplier_id"
        " ORDER BY t.created_at, t.id"
    )


def _counts() -> Iterator[tuple[Any, ...]]:
    """Yield what each place had when it was last counted, by a count that stands or by a file.

    What a count took as none because nobody counted it was counted too.
    """
    return _query(
        "SELECT p.sku, l.code, last.counted, last.reference, last.reason"
        " FROM (SELECT DISTINCT ON (level_id) * FROM ("
        " SELECT n.level_id, coalesce(e.at, c.closed_at) AS at, coalesce(e.counted, 0) AS counted,"
        " c.name AS reference, '' AS reason"
        " FROM counts_count c JOIN counts_line n ON n.count_id = c.id"
        " LEFT JOIN counts_entry e ON e.id = n.latest_id"
        " WHERE c.closed_as = 'posted' AND (e.id IS NOT NULL OR c.is_rest_none)"
        " AND NOT EXISTS (SELECT FROM stock_batch b WHERE b.reverses_id = c.batch_id)"
        " UNION ALL SELECT t.level_id, t.created_at, t.balance_after, t.reference, t.reason"
        " FROM stock_transaction t WHERE t.kind = 'count'"
        " AND NOT EXISTS (SELECT FROM counts_count c WHERE c.batch_id = t.batch_id)"
        " AND NOT EXISTS (SELECT FROM stock_transaction r WHERE r.reverses_id = t.id)"
        ") said ORDER BY level_id, at DESC) last"
        " JOIN stock_level v ON v.id = last.level_id JOIN products_product p ON p.id = v.product_id"
        " JOIN products_location l ON l.id = v.location_id ORDER BY p.id, l.code"
    )


type Rows = Callable[[], Iterable[tuple[Any, ...]]]

EXPORTS: dict[str, tuple[tuple[str, ...], Rows]] = {
    "products": (
        ("sku", "name", "manufacturer", "part number", "category", "description",
         "reorder point", "active"),
        _products,
    ),
    "locations": (("code", "name", "parent"), _locations),
    "opening": (("sku", "location", "quantity", "unit cost"), _stock),
    "movements": (
        ("sku", "location", "kind", "quantity", "reason", "reference", "occurred on", "recipient",
         "supplier", "unit cost"),
        _movements,
    ),
    "counts": (("sku", "location", "counted", "reference", "reason"), _counts),
}  # fmt: skip
"""By kind of file: the header, and what yields the rows."""
