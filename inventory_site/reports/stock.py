"""The consolidated stock report: by category, by location, what is low, what is out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Category, Location, Product
from inventory_site.reports import stock_then
from inventory_site.stock import past

LISTED_UP_TO = 200


@dataclass(slots=True)
class Branch[Node]:
    """A node of a tree with what is in it and below it; `depth` is 0 at the top."""

    node: Node
    depth: int
    products: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class Short:
    """A product of which there is too little, and how much."""

    product: Product
    on_hand: int


@dataclass(frozen=True, slots=True)
class StockReport:
    """Everything the report shows. Products without a category are counted in `uncategorised`."""

    categories: list[Branch[Category]]
    uncategorised: Branch[None]
    locations: list[Branch[Location]]
    low: list[Short]
    out: list[Short]


type Sums = dict[int | None, tuple[int, int]]
"""By node: how many products, how many units."""

_PER_CATEGORY = sql.SQL(
    "SELECT p.category_id, count(*), coalesce(sum(s.on_hand), 0) FROM products_product p"
    " LEFT JOIN {} s ON s.product_id = p.id"
    " WHERE s.on_hand > 0 OR (p.is_active"
    " AND p.created_at <= coalesce(%(instant)s::timestamptz, p.created_at)) GROUP BY p.category_id"
)
_PER_LOCATION = sql.SQL(
    "SELECT l.location_id, count(DISTINCT s.product_id), sum(s.on_hand) FROM {} s"
    " JOIN stock_level l ON l.id = s.level_id GROUP BY l.location_id"
)


def stock_report(instant: datetime | None = None) -> StockReport:
    """Derive the report from the balances, as they stand or stood, in a handful of queries."""
    per_category = _sums(_PER_CATEGORY.format(past.books_of_products(instant)), instant)
    per_location = _sums(_PER_LOCATION.format(past.books_of_levels(instant)), instant)
    products, units = per_category.get(None, (0, 0))
    return StockReport(
        categories=_rolled_up(Category.objects.with_tree_fields(), per_category),
        uncategorised=Branch(None, 0, products, units),
        locations=_rolled_up(Location.objects.with_tree_fields(), per_location),
        low=_short(instant, "low"),
        out=_short(instant, "out"),
    )


def table(report: StockReport, instant: datetime | None) -> Iterator[Sequence[object]]:
    """Yield what the report says: by what, its name, how many products, how many units.

    First the sums; then every product that is out or low, with SKU, category and minimum.
    """
    sums: list[tuple[str, str, int, int]] = []
    sums += [("category", of.node.name, of.products, of.units) for of in report.categories]
    if (none := report.uncategorised).products:
        sums.append(("category", "", none.products, none.units))
    sums += [("location", of.node.code, of.products, of.units) for of in report.locations]
    yield from ([*each, None, None, None] for each in sums)
    for level in ("out", "low"):
        for short in _all_short(instant, level):
            product, category = short.product, str(short.product.category or "")
            facts = [product.sku, category, product.reorder_point]
            yield [level, product.name, None, short.on_hand, *facts]


def _sums(query: sql.Composed, instant: datetime | None) -> Sums:
    with connection.cursor() as cursor:
        cursor.execute(query, {"instant": instant})
        return {key: (products, int(units)) for key, products, units in cursor.fetchall()}


def _short(instant: datetime | None, level: str) -> list[Short]:
    """Return the first products that are low, or out."""
    if instant:
        found = stock_then.known(instant, StockFilterForm({"level": level}))
        first = list(found.select_related("category")[:LISTED_UP_TO])
        rows = stock_then.rows_then(instant, first)
        return [Short(row.product, row.standing.on_hand) for row in rows]
    short = _short_now(level)
    return [Short(product, product.total.on_hand) for product in short[:LISTED_UP_TO]]


def _all_short(instant: datetime | None, level: str) -> Iterator[Short]:
    """Yield every product that is low, or out, as many at a time as memory does not notice."""
    if instant:
        for row in stock_then.all_rows(instant, StockFilterForm({"level": level})):
            yield Short(row.product, row.standing.on_hand)
    else:
        for product in _short_now(level).iterator(chunk_size=2000):
            yield Short(product, product.total.on_hand)


def _short_now(level: str) -> QuerySet[Product]:
    stocked = Product.objects.in_use().with_on_hand().select_related("category", "total")
    return stocked.low_on_stock() if level == "low" else stocked.out_of_stock()


def _rolled_up[Node: Category | Location](nodes: QuerySet[Node], sums: Sums) -> list[Branch[Node]]:
    """Add each node's sums to all above it; depth first, as the tree reads."""
    branches: dict[int, Branch[Node]] = {}
    for node in nodes:
        branches[node.pk] = Branch(node, node.tree_depth)
        products, units = sums.get(node.pk, (0, 0))
        for ancestor in node.tree_path:
            branches[ancestor].products += products
            branches[ancestor].units += units
    return list(branches.values())
