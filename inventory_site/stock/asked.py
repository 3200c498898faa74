"""Acts that wait, or waited, for a second person, as pages and programs show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import KNOWN_REASONS, RULES, Kind
from inventory_site.stock.models import Approval, StockLevel

SHOWN_LINES = 200
"""How many lines of a long act its page shows."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One movement as it was asked for, and what is there by now.

    `quantity` is signed. `product` or `location` is None where it was deleted since; `level` where
    nothing ever was.
    """

    kind: Kind
    quantity: int
    reason: str
    product: Product | None
    location: Location | None
    level: StockLevel | None

    @property
    def label(self) -> str:
        """What kind of movement, in the reader's language."""
        return str(RULES[self.kind].label)

    @property
    def reason_shown(self) -> str:
        """The reason as typed; the system's own ones in the reader's language."""
        return shown(self.reason)

    @property
    def on_hand(self) -> int:
        """Units there now."""
        return self.level.on_hand if self.level else 0

    @property
    def is_short(self) -> bool:
        """Whether too few are available by now."""
        return (self.level.available if self.level else 0) + self.quantity < 0


def shown(reason: str) -> str:
    """Return a reason as typed; the system's own ones in the reader's language."""
    return _(reason) if reason in KNOWN_REASONS else reason


def explained() -> QuerySet[Approval]:
    """Return approvals with who asked and who decided, in the same query."""
    return Approval.objects.select_related("created_by", "approved_by", "refused_by")


def lines_of(approval: Approval) -> list[AskedLine]:
    """Return the first lines of an act, with names, in three queries for all of them."""
    asked: list[dict[str, Any]] = approval.movements[:SHOWN_LINES]
    products = _named(Product, "sku", asked, "product", "sku")
    locations = _named(Location, "code", asked, "location", "place")
    wanted = StockLevel.objects.filter(
        product__in={thing.pk for thing in products.values()},
        location__in={thing.pk for thing in locations.values()},
    )
    levels = {(level.product_id, level.location_id): level for level in wanted}
    lines = []
    for line in asked:
        product = products.get(line.get("product") or line.get("sku", "").upper())
        location = locations.get(line.get("location") or line.get("place", "").upper())
        lines.append(
            AskedLine(
                kind=Kind(line["kind"]),
                quantity=line["quantity"],
                reason=line.get("reason") or "",
                product=product,
                location=location,
                level=levels.get((product.pk, location.pk)) if product and location else None,
            )
        )
    return lines


def _named[Thing: Product | Location](
    model: type[Thing], code: str, asked: list[dict[str, Any]], by_id: str, by_code: str
) -> dict[int | str, Thing]:
    """Return what lines name, by id and by code in capitals: a line may use either."""
    ids = {line.get(by_id) for line in asked} - {None}
    codes = {line.get(by_code, "").upper() for line in asked} - {""}
    things = model._default_manager.annotate(capitals=Upper(code))
    found: dict[int | str, Any] = {}
    for thing in things.filter(Q(pk__in=ids) | Q(capitals__in=codes)):
        found |= {thing.pk: thing, getattr(thing, code).upper(): thing}
    return found
