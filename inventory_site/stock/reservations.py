"""Units held for somebody: the typed face of `reservations.sql`."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.access.models import SYSTEM, Person
from inventory_site.stock.kinds import Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reservation
from inventory_site.stock.refusals import refusals

SOON_DAYS = 3
"""A reservation ends soon when it ends today or within so many days."""


def not_passed(day: date) -> None:
    """Raise `ValidationError` for a day before today, as the site's clock has it."""
    if day < timezone.localdate():
        raise ValidationError(_("This day has passed."), "passed")


def handover(held: Reservation, *, quantity: int, reference: str = "") -> Movement:
    """Return how the ledger takes it that `quantity` (> 0) of the held units go out."""
    return Movement(
        product_id=held.product.pk,
        location_id=held.location.pk,
        kind=Kind.ISSUE,
        quantity=-quantity,
        reference=reference,
        recipient=held.recipient,
        reservation_id=held.pk,
    )


def reserve(
    *,
    product_id: int,
    location_id: int,
    quantity: int,
    recipient: str,
    until: date,
    actor: Person,
    key: UUID,
    reference: str = "",
) -> Reservation:
    """Hold units for somebody up to and including a day; raise `InsufficientStock` if too many."""
    wish = {
        "product": product_id,
        "location": location_id,
        "quantity": quantity,
        "recipient": recipient,
        "reference": reference,
    }
    call = "SELECT * FROM reserve_stock(%s::jsonb, %s, %s, %s, %s, %s)"
    signature = [actor.id, actor.name, actor.email]
    with refusals():
        return Reservation.objects.raw(call, [json.dumps(wish), until, *signature, key])[0]


def release(reservation_id: int, *, actor: Person, closed_as: str = "released") -> Reservation:
    """Let go of what is still held; a reservation that is closed already stays as it is."""
    call = "SELECT * FROM release_reservation(%s, %s, %s, %s, %s)"
    parameters = [reservation_id, closed_as, actor.id, actor.name, actor.email]
    with refusals():
        return Reservation.objects.raw(call, parameters)[0]


def expire(today: date | None = None) -> int:
    """Release, as the system, what was held up to a day before `today`; return how many."""
    today = today or timezone.localdate()
    over = Reservation.objects.filter(closed_at=None, until__lt=today).order_by("until", "pk")
    ids = list(over.values_list("pk", flat=True))
    for pk in ids:
        release(pk, actor=SYSTEM, closed_as="expired")
    return len(ids)
