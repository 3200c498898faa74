"""The stock list as it stands, whole: every product that matches, with each of its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from inventory_site.imports.exports import PIECE
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.listing import conditions

_ROWS = """
SELECT p.sku, p.name, coalesce(m.name, ''), coalesce(g.name, ''), coalesce(c.code, ''),
       coalesce(l.on_hand, 0), coalesce(l.reserved, 0)
  FROM products_product p
  LEFT JOIN products_manufacturer m ON m.id = p.manufacturer_id
  LEFT JOIN products_category g ON g.id = p.category_id
  LEFT JOIN (stock_level l JOIN products_location c ON c.id = l.location_id) ON l.product_id = p.id
 WHERE p.id IN ({products})
 ORDER BY p.sort_name, p.id, c.code
"""


class Row(NamedTuple):
    """A product at one of its locations; no location and no units where it is nowhere yet."""

    sku: str
    name: str
    maker: str
    category: str
    place: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """Units that are held for nobody."""
        return self.on_hand - self.reserved


def all_rows(form: StockFilterForm) -> Iterator[Row]:
    """Yield every row of the stock list that the filters leave, in the order of names."""
    wanted = form.cleaned_data
    found = conditions(wanted.get("q", ""), wanted.get("category", []), wanted.get("level", ""))
    return _rows(found.products(""), found.parameters)


def rows_of(product_id: int) -> Iterator[Row]:
    """Yield the rows of one product."""
    return _rows("%s", [product_id])


def _rows(products: str, parameters: Sequence[Any]) -> Iterator[Row]:
    """Fetch rows as they are wanted, all of one moment."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS.format(products=products), parameters)
        while some := cursor.fetchmany(PIECE):
            yield from map(Row._make, some)
