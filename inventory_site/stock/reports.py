"""The consolidated stock report: by category, by location, what is low, what is out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from inventory_site.products.models import Category, Location, Product
from inventory_site.stock.models import StockLevel

LISTED_UP_TO = 200


@dataclass(slots=True)
class Branch[Node]:
    """A node of a tree with what is in it and below it; `depth` is 0 at the top."""

    node: Node
    depth: int
    products: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class StockReport:
    """Everything the report shows. Products without a category are counted in `uncategorised`."""

    categories: list[Branch[Category]]
    uncategorised: Branch[None]
    locations: list[Branch[Location]]
    low: list[Product]
    out: list[Product]


Sums = dict[int | None, tuple[int, int]]
"""By node: how many products, how many units."""


def stock_report() -> StockReport:
    """Derive the report from the balances as they stand, in a handful of queries."""
    active = Product.objects.in_use()
    per_category: Sums = {
        key: (products, units or 0)
        for key, products, units in active.order_by()
        .values_list("category")
        .annotate(Count("pk", distinct=True), Sum("levels__on_hand"))
    }
    per_location: Sums = {
        key: (products, units or 0)
        for key, products, units in StockLevel.objects.filter(on_hand__gt=0)
        .values_list("location")
        .annotate(Count("product"), Sum("on_hand"))
    }
    products, units = per_category.get(None, (0, 0))
    stocked = active.with_on_hand().select_related("category")
    return StockReport(
        categories=_rolled_up(Category.objects.with_tree_fields(), per_category),
        uncategorised=Branch(None, 0, products, units),
        locations=_rolled_up(Location.objects.with_tree_fields(), per_location),
        low=list(stocked.low_on_stock()[:LISTED_UP_TO]),
        out=list(stocked.out_of_stock()[:LISTED_UP_TO]),
    )


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
