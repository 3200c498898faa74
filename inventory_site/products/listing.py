"""The stock list as asked for: filtered, paged, an exact code first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inventory_site.paging import Page, page_of
from inventory_site.products.codes import SHAPE
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Product
from inventory_site.stock.rows import Row, rows_of

COUNTED_UP_TO = 1_000


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the stock list, and how many products match (None: nothing was narrowed)."""

    rows: list[Row]
    page: Page[Product]
    count: int | None

    @property
    def is_more_than_counted(self) -> bool:
        """Whether counting stopped before the end."""
        return (self.count or 0) > COUNTED_UP_TO


def listing(form: StockFilterForm, *, cursor: str) -> Listing:
    """Return what the filters leave, in the order of names; an invalid filter filters nothing.

    A search text that is exactly somebody's SKU puts that product first, for a scanner's sake.
    """
    form.is_valid()
    wanted = form.cleaned_data
    text, level = wanted.get("q", ""), wanted.get("level", "")
    products = Product.objects.in_use().matching(text)
    if category := wanted.get("category"):
        products = products.within(category)
    if level == "low":
        products = products.with_on_hand().low_on_stock()
    elif level == "out":
        products = products.with_on_hand().out_of_stock()
    is_narrowed = bool(text or category or level)
    count = products[: COUNTED_UP_TO + 1].count() if is_narrowed else None
    is_code = re.fullmatch(SHAPE, text) is not None and not cursor
    exact = products.filter(sku__iexact=text).first() if is_code else None
    page = page_of(
        products.select_related("manufacturer", "category"),
        order=["sort_name", "id"],
        cursor=cursor,
    )
    shown = [exact] if exact else []
    shown += [product for product in page.rows if product != exact]
    return Listing(rows_of(shown, exact=exact), page, count)
