"""Stock levels for programs: how many units of a product are at a location, now and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from inventory_site.access.roles import Permission
from inventory_site.api.resources import ListedResource
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Location, Product
from inventory_site.products.serializers import StockLevelSerializer
from inventory_site.products.viewsets import wanted_products
from inventory_site.reports.forms import ProductField
from inventory_site.reports.instants import InstantField
from inventory_site.reports.stock_then import wanted_then
from inventory_site.stock import past
from inventory_site.stock.forms import LocationField
from inventory_site.stock.models import StockLevel

_THERE = "SELECT level_id FROM levels_as_of(%s)"


class StockLevelFilterForm(StockFilterForm):
    """The filters of the stock list, of one product or place, and of when."""

    product = ProductField(max_length=64, required=False, help_text="A SKU.")
    location = LocationField(
        required=False, help_text="The code of a location: what is there, and in all within it."
    )
    as_of = InstantField(
        max_length=40,
        required=False,
        help_text=(
            "A day (its end), or a time: what there was then. Places with nothing are left out;"
            " what is low is by the reorder point of now."
        ),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Units of a product at a location; of then, what was reserved is not on record (None)."""

    id: int
    product: Product
    location: Location
    on_hand: int
    reserved: int | None = None
    moved_at: datetime | None = None

    @property
    def available(self) -> int | None:
        """Units that are held for nobody."""
        return None if self.reserved is None else self.on_hand - self.reserved


class StockLevelViewSet(ListedResource):
    """How many units of each product are at each location, now or as of an instant.

    To be read: units move by transactions.
    """

    may = {"list": Permission.READ}
    queryset = StockLevel.objects.select_related("product", "location")
    serializer_class = StockLevelSerializer
    filters = StockLevelFilterForm
    orderings = {"id": ["id"]}
    ordering = "id"

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep the levels of the products and places that are asked for."""
        if instant := wanted["as_of"]:
            rows = rows.filter(pk__in=RawSQL(_THERE, [instant]))  # noqa: S611 (constant text)
            rows = rows.filter(product__in=wanted_then(instant, wanted).values("pk"))
        else:
            rows = rows.filter(product__in=wanted_products(wanted).values("pk"))
        if product := wanted["product"]:
            rows = rows.filter(product=product)
        if location := wanted["location"]:
            branch = Location.objects.descendants(location, include_self=True)
            rows = rows.filter(location__in=list(branch.values_list("pk", flat=True)))
        return rows

    def shown(self, rows: Sequence[StockLevel], wanted: dict[str, Any]) -> Sequence[Held]:
        """Return what there is, or was, of some levels."""
        if instant := wanted["as_of"]:
            units = past.on_hand_as_of(instant, {row.product_id for row in rows})
            return [
                Held(row.pk, row.product, row.location, units[row.product_id, row.location_id])
                for row in rows
            ]
        return [
            Held(row.pk, row.product, row.location, row.on_hand, row.reserved, row.moved_at)
            for row in rows
        ]
