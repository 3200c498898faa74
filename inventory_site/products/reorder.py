"""What is to be ordered: products of which no more is available than their minimum.

Two lists, one rule. A product's own minimum is of all locations together; a `ReorderPoint` is of
one location by itself. What counts is what is available: units held for somebody are as good as
gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inventory_site.paging import Page, page_of
from inventory_site.products.models import Location, Product, ReorderPoint, Supplier
from inventory_site.stock.models import StockLevel, StockTransaction

TARGET = 2
"""Times the minimum: what ordering is to bring the available units up to."""
BY_NAME = ["sort_name", "id"]
FETCHED_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Need:
    """A product that is to be ordered, at one location or (None) for all together; in units."""

    product: Product
    location: Location | None
    on_hand: int
    reserved: int
    minimum: int
    supplier: str

    @property
    def available(self) -> int:
        """Units that are held for nobody."""
        return self.on_hand - self.reserved

    @property
    def suggested(self) -> int:
        """How many to order, so that `TARGET` times the minimum is available."""
        return TARGET * self.minimum - self.available


@dataclass(frozen=True, slots=True)
class Wish:
    """Which needs to list. `location` narrows to it and all below it, each by itself.

    `level`: "low" some are available still, "out" none are, "" both. `supplier`: who delivered the
    product last.
    """

    is_per_location: bool = False
    level: str = ""
    category: Any = None
    location: Location | None = None
    supplier: Supplier | None = None


def set_point(product: Product, location: Location, quantity: int) -> None:
    """Set a product's minimum at a location; 0 takes it away. Twice is as once."""
    points = ReorderPoint.objects.filter(product=product, location=location)
    if quantity == 0:
        points.delete()
    else:
        ReorderPoint.objects.update_or_create(
            product=product, location=location, defaults={"quantity": quantity}
        )


def needs(wish: Wish, *, cursor: str) -> tuple[Page[Product], list[Need]]:
    """Return a page of products with needs, in the order of names, and those needs."""
    return _page(wish, cursor, size=50)


def all_needs(wish: Wish) -> Iterator[Need]:
    """Yield every need, as many at a time as memory does not notice."""
    cursor: str | None = ""
    while cursor is not None:
        page, found = _page(wish, cursor, size=FETCHED_TOGETHER)
        yield from found
        cursor = page.next


def _page(wish: Wish, cursor: str, *, size: int) -> tuple[Page[Product], list[Need]]:
    points = _points(wish) if wish.is_per_location or wish.location else None
    products = _products(wish, points).select_related("total", "category")
    page = page_of(products, order=BY_NAME, cursor=cursor, size=size)
    suppliers = Supplier.objects.in_bulk({p.last_supplier for p in page.rows if p.last_supplier})  # type: ignore[attr-defined]  # annotated
    names = {p.pk: str(suppliers.get(p.last_supplier, "")) for p in page.rows}  # type: ignore[attr-defined]
    if points is None:
        return page, [
            Need(p, None, p.total.on_hand, p.total.reserved, p.reorder_point, names[p.pk])
            for p in page.rows
        ]
    of_product: dict[int, list[Any]] = {product.pk: [] for product in page.rows}
    shown = points.filter(product__in=page.rows).select_related("location")
    for point in shown.order_by("location__code"):
        of_product[point.product_id].append(point)
    return page, [
        Need(p, point.location, point.on_hand, point.reserved, point.quantity, names[p.pk])
        for p in page.rows
        for point in of_product[p.pk]
    ]


def _products(wish: Wish, points: QuerySet[ReorderPoint] | None) -> QuerySet[Product]:
    """Select the products with needs; those without a minimum, or not in use, have none."""
    products = Product.objects.filter(is_active=True).annotate(last_supplier=_last_supplier())
    if points is None:
        available = F("total__on_hand") - F("total__reserved")
        products = products.filter(reorder_point__gt=0).annotate(available=available)
        products = products.filter(_is_short("reorder_point", wish.level))
    else:
        products = products.filter(Exists(points.filter(product=OuterRef("pk"))))
    if wish.category:
        products = products.within(wish.category)
    if wish.supplier:
        products = products.filter(last_supplier=wish.supplier.pk)
    return products


def _points(wish: Wish) -> QuerySet[ReorderPoint]:
    """Select the minimums at locations that are not exceeded, with what there is."""
    here = StockLevel.objects.filter(product=OuterRef("product"), location=OuterRef("location"))
    points = ReorderPoint.objects.annotate(
        on_hand=Coalesce(Subquery(here.values("on_hand")), 0),
        reserved=Coalesce(Subquery(here.values("reserved")), 0),
    ).annotate(available=F("on_hand") - F("reserved"))
    if wish.location:
        branch = Location.objects.descendants(wish.location, include_self=True)
        points = points.filter(location__in=list(branch.values_list("pk", flat=True)))
    return points.filter(_is_short("quantity", wish.level))


def _is_short(minimum: str, level: str) -> Q:
    short = Q(available__lte=F(minimum))
    return {"low": short & Q(available__gt=0), "out": Q(available=0)}.get(level, short)


def _last_supplier() -> Subquery:
    """Return who delivered a product last, as far as a receipt says."""
    receipts = StockTransaction.objects.filter(product=OuterRef("pk"), supplier__isnull=False)
    return Subquery(receipts.order_by("-created_at", "-id").values("supplier")[:1])
