"""What a row of the stock list shows: a product at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import prefetch_related_objects
from django.db.models.query import Prefetch

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel
from inventory_site.stock.tally import Totals

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
    def reserved(self) -> int:
        """Units at this place that are held for somebody."""
        return self.level.reserved if self.level else 0

    @property
    def available(self) -> int:
        """Units at this place that are held for nobody."""
        return self.on_hand - self.reserved

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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a product stands after a movement, and the tiles' numbers where the page shows them."""

    product: Product
    rows: list[Row]
    totals: Totals | None


def standing(product_id: int, *, with_totals: bool) -> Standing:
    """Return what a movement's answer shows, all in one statement: a press costs no more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.sku, p.name, p.reorder_point, l.id, l.on_hand, l.reserved, c.id, c.code, y.*"
            " FROM products_product p LEFT JOIN (stock_level l JOIN products_location c"
            " ON c.id = l.location_id) ON l.product_id = p.id LEFT JOIN (SELECT"
            " coalesce(sum(products), 0)::bigint, coalesce(sum(units), 0)::bigint,"
            " coalesce(sum(low), 0)::bigint, coalesce(sum(gone), 0)::bigint FROM stock_tally) y"
            " ON %s WHERE p.id = %s ORDER BY c.code",
            [with_totals, product_id],
        )
        found = cursor.fetchall()
    sku, name, reorder_point = found[0][:3]
    product = Product(id=product_id, sku=sku, name=name, reorder_point=reorder_point)
    total = sum(on_hand or 0 for _sku, _name, _point, _level, on_hand, *_rest in found)
    rows = []
    for *_product, level, on_hand, reserved, place, code, _p, _u, _l, _o in found:
        location = Location(id=place, code=code)
        here = StockLevel(
            id=level, product=product, location=location, on_hand=on_hand, reserved=reserved
        )
        rows.append(Row(product, here if level else None, total, len(found)))
    return Standing(product, rows, Totals(*found[0][8:]) if with_totals else None)
