"""The stock list and a product as they were at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from inventory_site.paging import Page, page_of
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Location, Product
from inventory_site.stock import past
from inventory_site.stock.past import Standing

NOTHING = Standing(0, Decimal(0))
_WITH_UNITS = "SELECT product_id FROM products_as_of(%s) WHERE on_hand > 0"
_LOW = (
    "SELECT a.product_id FROM products_as_of(%s) a JOIN products_product p ON p.id = a.product_id"
    " WHERE a.on_hand BETWEEN 1 AND p.reorder_point"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A product, and what there was of it: together, and the code of each place with its units."""

    product: Product
    standing: Standing
    places: list[tuple[Location, int]]


@dataclass(frozen=True, slots=True)
class ListingThen:
    """A page of the stock list as it was."""

    rows: list[Row]
    page: Page[Product]


def known(instant: datetime, form: StockFilterForm) -> QuerySet[Product]:
    """Return the products that were there by then and match; what is low is by today's minimum.

    Which were in use then is not on record: those of today that were made by then, and those that
    there was any of.
    """
    form.is_valid()
    return wanted_then(instant, form.cleaned_data)


def wanted_then(instant: datetime, wanted: Mapping[str, Any]) -> QuerySet[Product]:
    """Return the same for a form's cleaned data."""
    products = Product.objects.matching(wanted.get("q", ""))
    there = Q(pk__in=RawSQL(_WITH_UNITS, [instant]))  # noqa: S611 (constant text)
    if category := wanted.get("category"):
        products = products.filter(category__in=category)
    if wanted.get("level") == "low":
        return products.filter(pk__in=RawSQL(_LOW, [instant]))  # noqa: S611 (constant text)
    if wanted.get("level") == "out":
        return products.filter(~there, is_active=True, created_at__lte=instant)
    return products.filter(Q(is_active=True, created_at__lte=instant) | there)


def listing_then(instant: datetime, form: StockFilterForm, *, cursor: str) -> ListingThen:
    """Return a page of the stock list at an instant, in the order of names."""
    products = known(instant, form).select_related("manufacturer", "category")
    page = page_of(products, order=["sort_name", "id"], cursor=cursor)
    return ListingThen(rows_then(instant, page.rows), page)


def all_rows(instant: datetime, form: StockFilterForm) -> Iterator[Row]:
    """Yield every row of the stock list at an instant, in the order of names."""
    products = known(instant, form).select_related("manufacturer", "category")
    for some in batched(products.order_by("sort_name", "id").iterator(chunk_size=2000), 2000):
        yield from rows_then(instant, list(some))


def rows_then(instant: datetime, products: list[Product]) -> list[Row]:
    """Return what there was of some products, in two queries."""
    ids = [product.pk for product in products]
    standing = past.standing_as_of(instant, ids)
    units = past.on_hand_as_of(instant, ids)
    places = Location.objects.in_bulk({place for _, place in units})
    held: dict[int, list[tuple[Location, int]]] = {key: [] for key in ids}
    for (product, place), many in units.items():
        held[product].append((places[place], many))
    return [
        Row(each, standing.get(each.pk, NOTHING), sorted(held[each.pk], key=lambda x: x[0].code))
        for each in products
    ]


def row_then(instant: datetime, product: Product) -> Row:
    """Return what there was of one product."""
    return rows_then(instant, [product])[0]
