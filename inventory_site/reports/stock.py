"""The consolidated stock report: by category, by location, what is low, what is out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import past

LISTED_UP_TO = 200
_SHORT = ("pk", "sku", "name", "category__name", "reorder_point")


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

    sku: str
    name: str
    category: str
    minimum: int
    on_hand: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Products of which there is too little, in the order of names, fetched as they are wanted."""

    found: dict[int | None, tuple[int, int]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.found)

    def __iter__(self) -> Iterator[Short]:
        """Yield them, with no more at a time in memory than it notices."""
        for some in batched(self.found.items(), 2000):
            named = Product.objects.filter(pk__in=[key for key, _ in some]).values_list(*_SHORT)
            facts = {pk: rest for pk, *rest in named}
            for key, (_one, on_hand) in some:
                sku, name, category, minimum = facts[key]
                yield Short(sku, name, category or "", minimum, on_hand)


@dataclass(frozen=True, slots=True)
class StockReport:
    """Everything the report shows. Products without a category are counted in `uncategorised`."""

    categories: list[Branch[Category]]
    uncategorised: Branch[None]
    locations: list[Branch[Location]]
    low: Shortage
    out: Shortage


_FOUND = sql.SQL("""
WITH level AS MATERIALIZED (
  SELECT s.product_id, l.location_id, s.on_hand
    FROM {levels} s JOIN stock_level l ON l.id = s.level_id
), product AS MATERIALIZED (
  SELECT p.id, p.category_id, p.sort_name, p.reorder_point, coalesce(s.on_hand, 0) AS on_hand
    FROM products_product p LEFT JOIN (
      SELECT product_id, sum(on_hand)::bigint AS on_hand FROM level GROUP BY product_id
    ) s ON s.product_id = p.id
   WHERE s.on_hand > 0
      OR (p.is_active AND p.created_at <= coalesce(%(instant)s::timestamptz, p.created_at))
)
SELECT 'category', category_id, count(*), sum(on_hand)::bigint FROM product GROUP BY category_id
UNION ALL
SELECT 'location', location_id, count(*), sum(on_hand)::bigint FROM level GROUP BY location_id
UNION ALL (SELECT 'low', id, 1, on_hand FROM product WHERE on_hand BETWEEN 1 AND reorder_point
            ORDER BY sort_name, id LIMIT %(listed)s)
UNION ALL (SELECT 'out', id, 1, on_hand FROM product WHERE on_hand = 0
            ORDER BY sort_name, id LIMIT %(listed)s)
""")
"""The balances are read once, and everything that the report shows is made of them."""

type Sums = dict[int | None, tuple[int, int]]
"""By node: how many products, how many units."""


def stock_report(
    instant: datetime | None = None, *, listed: int | None = LISTED_UP_TO
) -> StockReport:
    """Derive the report from the balances, as they stand or stood; minimums are today's.

    Of what is low or out, up to `listed` products by name; None: all of them.
    """
    found: dict[str, Sums] = {"category": {}, "location": {}, "low": {}, "out": {}}
    query = _FOUND.format(levels=past.books_of_levels(instant))
    with connection.cursor() as cursor:
        cursor.execute(query, {"instant": instant, "listed": listed})
        for what, key, products, units in cursor.fetchall():
            found[what][key] = products, units
    products, units = found["category"].get(None, (0, 0))
    return StockReport(
        categories=_rolled_up(Category.objects.with_tree_fields(), found["category"]),
        uncategorised=Branch(None, 0, products, units),
        locations=_rolled_up(Location.objects.with_tree_fields(), found["location"]),
        low=Shortage(found["low"]),
        out=Shortage(found["out"]),
    )


def table(report: StockReport) -> Iterator[Sequence[object]]:
    """Yield what the report says: by what, its name, how many products, how many units.

    First the sums; then every product that is out or low, with SKU, category and minimum. Products
    are counted of categories only: the same one may be at several locations of a branch.
    """
    sums: list[tuple[str, str, int | None, int]] = []
    sums += [("category", of.node.name, of.products, of.units) for of in report.categories]
    if (none := report.uncategorised).products:
        sums.append(("category", "", none.products, none.units))
    sums += [("location", of.node.code, None, of.units) for of in report.locations]
    yield from ([*each, None, None, None] for each in sums)
    for level, shortage in (("out", report.out), ("low", report.low)):
        for each in shortage:
            facts = [each.sku, each.category, each.minimum]
            yield [level, each.name, None, each.on_hand, *facts]


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
