"""What the stock is worth, at moving average cost: now, or as of an instant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg import sql

from inventory_site.paging import Page, page_of
from inventory_site.products.models import Category, Product
from inventory_site.stock import past

_BY_CATEGORY = sql.SQL(
    "SELECT p.category_id, count(*), sum(s.on_hand), sum(s.value) FROM {} s"
    " JOIN products_product p ON p.id = s.product_id WHERE s.on_hand > 0 GROUP BY p.category_id"
)
_OF_SOME = sql.SQL(
    "SELECT s.product_id, s.on_hand, s.value FROM {} s WHERE s.product_id = ANY (%(products)s)"
)
_STOCKED_NOW = "SELECT product_id FROM stock_total WHERE on_hand > 0"
_STOCKED_THEN = "SELECT product_id FROM products_as_of(%s) WHERE on_hand > 0"

BY_NAME = ["sort_name", "id"]


@dataclass(frozen=True, slots=True)
class Worth:
    """Some units and what they are worth; `label` names whose."""

    label: str
    products: int
    units: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A product's units, and their value."""

    product: Product
    units: int
    value: Decimal

    @property
    def average(self) -> Decimal:
        """What one unit is worth."""
        return self.value / self.units if self.units else self.value


@dataclass(frozen=True, slots=True)
class Valuation:
    """Everything together, by category (its own products only), and a page of products."""

    total: Worth
    categories: list[Worth]
    lines: list[Line]
    page: Page[Product]


def valuation(instant: datetime | None, *, cursor: str) -> Valuation:
    """Return the stock's worth as of an instant, or now."""
    categories = _by_category(instant)
    total = Worth(
        "",
        sum(each.products for each in categories),
        sum(each.units for each in categories),
        sum((each.value for each in categories), Decimal(0)),
    )
    page = page_of(_stocked(instant), order=BY_NAME, cursor=cursor)
    return Valuation(total, categories, _lines(instant, page.rows), page)


def all_lines(instant: datetime | None) -> Iterator[Line]:
    """Yield every product that there is any of, in the order of names."""
    products = _stocked(instant).order_by(*BY_NAME)
    for some in batched(products.iterator(chunk_size=2000), 2000):
        yield from _lines(instant, list(some))


def _stocked(instant: datetime | None) -> QuerySet[Product]:
    """Return the products that there is any of."""
    asked = RawSQL(_STOCKED_THEN, [instant]) if instant else RawSQL(_STOCKED_NOW, [])  # noqa: S611
    return Product.objects.filter(pk__in=asked).select_related("category")


def _by_category(instant: datetime | None) -> list[Worth]:
    """Return what the products of each category are worth, the most first."""
    found = _fetched(_BY_CATEGORY, instant)
    names = {node.pk: node.name for node in Category.objects.all()}
    worths = [
        Worth(names.get(key, ""), many, int(units), value) for key, many, units, value in found
    ]
    return sorted(worths, key=lambda worth: -worth.value)


def _lines(instant: datetime | None, products: list[Product]) -> list[Line]:
    """Return each product's line."""
    ids = [product.pk for product in products]
    held = {key: rest for key, *rest in _fetched(_OF_SOME, instant, ids)}
    return [Line(product, *held[product.pk]) for product in products if product.pk in held]


def _fetched(
    query: sql.SQL, instant: datetime | None, products: list[int] | None = None
) -> list[tuple[Any, ...]]:
    """Ask the books of now, or those of then."""
    with connection.cursor() as cursor:
        asked = query.format(past.books_of_products(instant))
        cursor.execute(asked, {"instant": instant, "products": products})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
