"""What a row of the stock list shows: a product at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import prefetch_related_objects
from django.db.models.query import Prefetch

from inventory_site.products.models import Product
from inventory_site.stock.models import StockLevel

Status = Literal["ok", "low", "out"]


@dataclass(frozen=True, slots=True)
class Row:
    """A product at one of its locations (`level` None: nowhere yet).

    `total` counts all locations together, and so does `status`: a product is low or out as a whole.
    """

    product: Product
    level: StockLevel | None
    total: int
    places: int
    is_exact: bool = False

    @property
    def on_hand(self) -> int:
        """Units at this place."""
        return self.level.on_hand if self.level else 0

    @property
    def status(self) -> Status:
        """Whether the product is out, low, or neither."""
        if self.total == 0:
            return "out"
        return "low" if self.total <= self.product.reorder_point else "ok"

    @property
    def cell_id(self) -> str:
        """The id of the element that shows the quantity."""
        return f"qty-{self.level.pk}" if self.level else f"qty-p{self.product.pk}"


def rows_of(products: Iterable[Product], *, exact: Product | None = None) -> list[Row]:
    """Return a row for each place of each product, in one query for all of them."""
    products = list(products)
    levels = StockLevel.objects.select_related("location").order_by("location__code")
    prefetch_related_objects(products, Prefetch("levels", levels))
    rows: list[Row] = []
    for product in products:
        places = list(product.levels.all())
        shown: list[StockLevel | None] = [*places] or [None]
        total = sum(level.on_hand for level in places)
        rows += [Row(product, level, total, len(places), product == exact) for level in shown]
    return rows
