"""What a row of the stock list shows, a product at a place: from the database, and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple

from django.db import connection
from django.utils.safestring import SafeString

from inventory_site.stencils import all_stencilled, stencilled
from inventory_site.stock.tally import Totals

Status = Literal["ok", "low", "out"]


def status_of(on_hand: int, minimum: int) -> Status:
    """Tell how a product stands with so many units at all locations together."""
    if on_hand == 0:
        return "out"
    return "low" if on_hand <= minimum else "ok"


class Row(NamedTuple):
    """A product at one of its locations (`level_id` None: nowhere yet).

    `total` counts all locations together, and so does `status`: a product is low or out as a whole.
    """

    product_id: int
    sku: str
    name: str
    sort_name: str
    minimum: int
    maker: str
    category: str
    level_id: int | None
    on_hand: int
    reserved: int
    place: str
    place_name: str
    total: int
    places: int

    @property
    def available(self) -> int:
        """Units at this place that are held for nobody."""
        return self.on_hand - self.reserved

    @property
    def status(self) -> Status:
        """Whether the product is out, low, or neither."""
        return status_of(self.total, self.minimum)

    @property
    def cell_id(self) -> str:
        """The id of the element that shows the quantity."""
        return f"qty-{self.level_id}" if self.level_id else f"qty-p{self.product_id}"

    @property
    def cell(self) -> SafeString:
        """The quantity and what there is to say about it: the list and every press show it so."""
        return stencilled("elements/cell.html", self._quantities)

    @property
    def actions(self) -> SafeString:
        """The buttons beside the quantity, on the product's own page."""
        return stencilled("elements/actions.html", self._facts, is_exact=False)

    @property
    def _quantities(self) -> dict[str, object]:
        return {
            "on_hand": self.on_hand,
            "reserved": self.reserved,
            "total": self.total,
            "minimum": self.minimum,
            "status": self.status,
            "is_out": self.status == "out",
            "is_low": self.status == "low",
            "is_spread": self.places > 1,
        }

    @property
    def _facts(self) -> dict[str, object]:
        return {
            "name": self.name,
            "sku": self.sku,
            "level": str(self.level_id or ""),
            "place": self.place,
            "cell_id": self.cell_id,
        }


def lines_of(rows: Iterable[Row], *, can_move: bool, is_exact: bool = False) -> SafeString:
    """Return whole rows of the list; `is_exact` gives their +1 the next Enter."""
    return all_stencilled(
        "products/stock.html#row",
        [
            row._facts | row._quantities | {"category": row.category, "maker": row.maker}
            for row in rows
        ],
        can_move=can_move,
        is_exact=is_exact,
    )


_ROWS = """
SELECT p.id, p.sku, p.name, p.sort_name, p.reorder_point, coalesce(m.name, ''),
       coalesce(g.name, ''), l.id, coalesce(l.on_hand, 0), coalesce(l.reserved, 0),
       coalesce(c.code, ''), coalesce(c.name, ''){more}
  FROM products_product p
  LEFT JOIN products_manufacturer m ON m.id = p.manufacturer_id
  LEFT JOIN products_category g ON g.id = p.category_id
  LEFT JOIN (stock_level l JOIN products_location c ON c.id = l.location_id) ON l.product_id = p.id
  {beside}
 WHERE p.id IN ({products})
 ORDER BY p.sort_name {direction}, p.id {direction}, c.code"""
_FACTS = 12  # columns that are a product's and a level's


def rows_of(
    products: str,
    parameters: Sequence[Any],
    *,
    descending: bool = False,
    is_prepared: bool = True,
) -> list[list[Row]]:
    """Return the places of each of the products whose ids the query `products` finds, by name.

    One statement for all of it. Where the best plan depends on what is asked for, `is_prepared`
    is false: PostgreSQL then plans for these very parameters.
    """
    direction = "DESC" if descending else "ASC"
    query = _ROWS.format(products=products, direction=direction, more="", beside="")
    return _grouped(fetched(query, parameters, is_prepared=is_prepared))


def places_of(product_id: int) -> list[Row]:
    """Return the places of one product."""
    (places,) = rows_of("%s", [product_id])
    return places


def fetched(
    query: str, parameters: Sequence[Any], *, is_prepared: bool = True
) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        if is_prepared:
            cursor.execute(query, parameters)
        else:
            with connection.wrap_database_errors:
                cursor.cursor.execute(query, parameters, prepare=False)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _grouped(found: list[tuple[Any, ...]]) -> list[list[Row]]:
    products = []
    for _product_id, lines in groupby(found, key=lambda line: line[0]):
        places = [line[:_FACTS] for line in lines]
        total = sum(place[8] for place in places)
        products.append([Row(*(*place, total, len(places))) for place in places])
    return products


class Standing(NamedTuple):
    """How a product stands after a movement, and the tiles' numbers where the page shows them."""

    rows: list[Row]
    totals: Totals | None


_TALLY = """CROSS JOIN (SELECT
  coalesce(sum(products), 0)::bigint, coalesce(sum(units), 0)::bigint,
  coalesce(sum(low), 0)::bigint, coalesce(sum(gone), 0)::bigint FROM stock_tally) y"""


def standing(product_id: int, *, with_totals: bool) -> Standing:
    """Return what a movement's answer shows, all in one statement: a press costs no more."""
    more, beside = (", y.*", _TALLY) if with_totals else ("", "")
    query = _ROWS.format(products="%s", direction="ASC", more=more, beside=beside)
    found = fetched(query, [product_id])
    (rows,) = _grouped(found)
    return Standing(rows, Totals(*found[0][_FACTS:]) if with_totals else None)
