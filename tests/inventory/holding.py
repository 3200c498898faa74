"""Reservations in a few words: hold units, hand them out, look at what is held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, reservations
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Reservation, StockLevel, StockTransaction
from tests.inventory.conftest import person


def in_days(days: int) -> date:
    """The day so many days from today, as the site's clock has it."""
    return timezone.localdate() + timedelta(days=days)


def hold(
    product: Product,
    place: Location,
    quantity: int,
    *,
    by: Role = Role.OPERATOR,
    key: UUID | None = None,
    **changes: Any,
) -> Reservation:
    """Hold units for Ana, for a week."""
    wish: dict[str, Any] = {"recipient": "Ana", "until": in_days(7)} | changes
    return reservations.reserve(
        product_id=product.pk,
        location_id=place.pk,
        quantity=quantity,
        actor=person(by),
        key=key or uuid4(),
        **wish,
    )


def hand_out(
    held: Reservation,
    quantity: int,
    *,
    place: Location | None = None,
    key: UUID | None = None,
    **changes: Any,
) -> StockTransaction:
    """Issue units out of a reservation, as the operator."""
    movement: dict[str, Any] = {
        "product_id": held.product_id,
        "location_id": (place or held.location).pk,
        "kind": Kind.ISSUE,
        "quantity": -quantity,
        "recipient": "Ana",
        "reservation_id": held.pk,
    }
    movement |= changes
    return ledger.record(
        ledger.Movement(**movement), actor=person(Role.OPERATOR), key=key or uuid4()
    )


def stand(product: Product, place: Location) -> tuple[int, int, int]:
    """On hand, reserved and available at a place."""
    level = StockLevel.objects.get(product=product, location=place)
    return level.on_hand, level.reserved, level.available
