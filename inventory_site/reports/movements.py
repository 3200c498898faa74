"""What moved in a period: by day, kind, product, category, location or person.

Read from the rollups that the ledger keeps, so that a year of ten million lines costs the same as
one of ten thousand; put together by product, narrowed to one, or by two things at once, from the
lines themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.access.models import Person
from inventory_site.imports.exports import PIECE
from inventory_site.products.models import Category, Location
from inventory_site.stencils import joined, stencilled
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.money import shown


class By(StrEnum):
    """What a report's rows are."""

    DAY = "day"
    KIND = "kind"
    PRODUCT = "product"
    CATEGORY = "category"
    LOCATION = "location"
    PERSON = "person"


LABELS = {
    By.DAY: gettext_lazy("Day"),
    By.KIND: gettext_lazy("Kind"),
    By.PRODUCT: gettext_lazy("Product"),
    By.CATEGORY: gettext_lazy("Category"),
    By.LOCATION: gettext_lazy("Location"),
    By.PERSON: gettext_lazy("Person"),
}
_DIMENSIONS = (By.CATEGORY, By.LOCATION, By.PERSON)
SHOWN_PRODUCTS = 200
"""How many products a page lists; a file lists all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which lines, and how they are put together.

    `nodes` are ids as text, by what they narrow: categories and locations with those below them.
    """

    first: date
    last: date
    by: By = By.DAY
    product: int | None = None
    kind: Kind | None = None
    nodes: dict[By, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved, together: lines, units in and out, and what the stock's value changed by.

    `key` is the id of what moved, of a product its SKU.
    """

    key: str
    label: str
    lines: int
    units_in: int
    units_out: int
    value: Decimal

    @property
    def net(self) -> int:
        """Units in less units out."""
        return self.units_in - self.units_out

    def row(self, *, is_product: bool) -> SafeString:
        """Return the row of the page; a product leads to its own."""
        values = {
            "key": self.key,
            "label": self.label,
            "lines": self.lines,
            "units_in": self.units_in,
            "units_out": self.units_out,
            "net": self.net,
            "value": shown(self.value),
        }
        return stencilled("reports/movements.html#row", values, is_product=is_product)


@dataclass(frozen=True, slots=True)
class Report:
    """Rows, and the sum of all that there are: `is_cut` where some are left out."""

    rows: list[Moved]
    total: Moved
    is_cut: bool = False

    def html(self, *, by: By) -> SafeString:
        """Return the rows of the page."""
        return joined(row.row(is_product=by is By.PRODUCT) for row in self.rows)


_SUMS = "sum(lines), sum(units_in), sum(units_out), sum(value)"
_NARROWED = (
    " WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
    " AND (%(category)s::text[] IS NULL OR category = ANY (%(category)s))"
    " AND (%(location)s::text[] IS NULL OR location = ANY (%(location)s))"
    " AND (%(person)s::text[] IS NULL OR person = ANY (%(person)s))"
)
_ALL = "movements_by('all', %(first)s, %(last)s) AS moved"
_ROLLED = {
    By.CATEGORY: "(SELECT *, node AS category"
    " FROM movements_by('category', %(first)s, %(last)s)) AS moved",
    By.LOCATION: "(SELECT *, node AS location"
    " FROM movements_by('location', %(first)s, %(last)s)) AS moved",
    By.PERSON: "(SELECT *, node AS person"
    " FROM movements_by('person', %(first)s, %(last)s)) AS moved",
}
"""One dimension's rollup, under the dimension's name."""
_LINES = (
    "(SELECT (t.created_at AT TIME ZONE z.zone)::date AS day, t.kind, 1 AS lines,"
    " coalesce(p.category_id::text, '') AS category, l.location_id::text AS location,"
    " t.actor_id::text AS person, t.product_id AS product, greatest(t.quantity, 0) AS units_in,"
    " -least(t.quantity, 0) AS units_out, coalesce(t.value, 0) AS value"
    " FROM stock_transaction t JOIN stock_level l ON l.id = t.level_id"
    " JOIN products_product p ON p.id = t.product_id CROSS JOIN stock_past z"
    " WHERE t.created_at >= %(first)s::timestamp AT TIME ZONE z.zone"
    " AND t.created_at < (%(last)s::date + 1)::timestamp AT TIME ZONE z.zone{}) AS moved"
)
_OF_PRODUCT = " AND t.product_id = %(product)s"
_BY_PRODUCT = (
    "SELECT coalesce(p.sku, ''), coalesce(p.name, ''), coalesce(lines, 0), coalesce(units_in, 0),"
    " coalesce(units_out, 0), coalesce(value, 0) FROM (SELECT product, sum(lines) AS lines,"
    " sum(units_in) AS units_in, sum(units_out) AS units_out, sum(value) AS value"
    " FROM {} GROUP BY GROUPING SETS ((), (product))) AS moved"
    " LEFT JOIN products_product p ON p.id = moved.product"
    " ORDER BY moved.product IS NOT NULL, units_in + units_out DESC, p.name, p.sku"
    " LIMIT %(limit)s::bigint"
)
"""The sum of all comes first, then the products that moved most."""


def report(wish: Wish) -> Report:
    """Return what a page shows: of products, those that moved most."""
    if wish.by is not By.PRODUCT:
        rows = _grouped(wish)
        return Report(rows, total(rows))
    with connection.cursor() as cursor:
        cursor.execute(_of_products(wish), _asked(wish) | {"limit": SHOWN_PRODUCTS + 2})
        everything, *rows = [_of_product(found) for found in cursor.fetchall()]
    return Report(rows[:SHOWN_PRODUCTS], everything, is_cut=len(rows) > SHOWN_PRODUCTS)


def all_rows(wish: Wish) -> Iterable[Moved]:
    """Return every row: products as many at a time as memory does not notice."""
    return _all_products(wish) if wish.by is By.PRODUCT else _grouped(wish)


def _all_products(wish: Wish) -> Iterator[Moved]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_of_products(wish), _asked(wish) | {"limit": None})
        cursor.fetchone()  # the sum
        while some := cursor.fetchmany(PIECE):
            yield from map(_of_product, some)


def _of_product(found: tuple[Any, ...]) -> Moved:
    sku, name, lines, coming, going, value = found
    return Moved(sku, name, int(lines), int(coming), int(going), value)


def _of_products(wish: Wish) -> str:
    return _BY_PRODUCT.format(
        _LINES.format(_OF_PRODUCT if wish.product is not None else "") + _NARROWED
    )


def _asked(wish: Wish) -> dict[str, Any]:
    """Return the parameters of a statement."""
    asked: dict[str, Any] = {name.value: wish.nodes.get(name) for name in _DIMENSIONS}
    return asked | {
        "first": wish.first,
        "last": wish.last,
        "kind": wish.kind,
        "product": wish.product,
    }


def _grouped(wish: Wish) -> list[Moved]:
    """Return the rows of what there is never much of: days in order, else by most units moved."""
    with connection.cursor() as cursor:
        cursor.execute(_query(wish), _asked(wish))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    label = _labels(wish.by)
    rows = [
        Moved(str(key), label(str(key)), int(lines), int(coming), int(going), value)
        for key, lines, coming, going, value in found
    ]
    if wish.by is By.DAY:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.units_in - row.units_out, row.label))


def _query(wish: Wish) -> str:
    """Return the statement: from one rollup where one can answer, else from the lines."""
    needed = {each for each in _DIMENSIONS if each in wish.nodes or each is wish.by}
    if wish.product is not None:
        source, columns = _LINES.format(_OF_PRODUCT), set(_DIMENSIONS)
    elif len(needed) > 1:
        source, columns = _LINES.format(""), set(_DIMENSIONS)
    else:
        source, columns = (_ROLLED[next(iter(needed))] if needed else _ALL), needed
    narrowed = _NARROWED
    for absent in set(_DIMENSIONS) - columns:
        narrowed = narrowed.replace(f" OR {absent} = ANY (%({absent})s)", "")
    by = wish.by  # every piece is a constant; what people typed goes along as parameters
    return f"SELECT {by}, {_SUMS} FROM {source}{narrowed} GROUP BY {by}"  # noqa: S608


def total(rows: list[Moved]) -> Moved:
    """Return the sum of a report's rows."""
    return Moved(
        "",
        "",
        sum(row.lines for row in rows),
        sum(row.units_in for row in rows),
        sum(row.units_out for row in rows),
        sum((row.value for row in rows), Decimal(0)),
    )


def _labels(by: By) -> Callable[[str], str]:
    """Return how to name what a row stands for; the statement names products."""
    match by:
        case By.DAY:
            return lambda key: date_format(parse_date(key) or key, "SHORT_DATE_FORMAT")
        case By.KIND:
            return lambda key: str(RULES[Kind(key)].label)
        case By.CATEGORY:
            names = {str(node.pk): node.name for node in Category.objects.all()}
            return lambda key: names.get(key) or _("Without a category")
        case By.LOCATION:
            places = {str(node.pk): str(node) for node in Location.objects.all()}
            return lambda key: places.get(key, key)
        case By.PERSON:
            people = {person.pk: str(person) for person in Person.objects.all()}
            return lambda key: people.get(UUID(key)) or key
        case By.PRODUCT:
            return str
