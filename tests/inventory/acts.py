"""Acts at random on a small world: what the state machine and the stress both do.

Each act either happens or is refused by the ledger; anything else is a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol
from uuid import uuid4

from inventory_site.access.models import Person
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import approvals, ledger, past, reservations
from inventory_site.stock.kinds import RULES, BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import (
    Approval,
    Batch,
    Reservation,
    StockLevel,
    StockTransaction,
)
from tests.inventory.counting_acts import count_line, open_count, post_count

BY_HAND: list[Kind] = [kind for kind in Kind if kind not in {Kind.TRANSFER, Kind.REVERSAL}]


class Chance(Protocol):
    """Where the choices come from: `random.Random`, or Hypothesis in its place."""

    def randint(self, low: int, high: int, /) -> int:
        """Return a number from `low` to `high`."""

    def choice[Thing](self, things: list[Thing], /) -> Thing:
        """Return one of `things`."""


@dataclass(frozen=True, slots=True)
class World:
    """Few products, few places, two people: so that acts meet."""

    products: list[Product]
    places: list[Location]
    people: list[Person]


def movement(world: World, chance: Chance, kind: Kind) -> Movement:
    """Return a movement of that kind as a person may ask for it, possible or not."""
    units = chance.randint(1, 12) * chance.choice([1, 1, 1, 15])  # some need a second person
    sign = RULES[kind].sign or chance.choice([-1, 1])
    cost = Decimal(chance.randint(0, 9999)) / 100
    return Movement(
        product_id=chance.choice(world.products).pk,
        location_id=chance.choice(world.places).pk,
        kind=kind,
        quantity=units * sign,
        reason="Found" if RULES[kind].needs_reason else "",
        unit_cost=cost if kind is Kind.RECEIPT and chance.randint(0, 1) else None,
        recipient="Ana" if kind in {Kind.ISSUE, Kind.RETURN} else "",
    )


def move(world: World, chance: Chance) -> None:
    """Record one movement, or ask for it where that takes two people."""
    asked = movement(world, chance, chance.choice(BY_HAND))
    approvals.record_or_request(asked, actor=chance.choice(world.people), key=uuid4())


def receive(world: World, chance: Chance) -> None:
    """Receive something, so that there is something to do the rest with."""
    asked = movement(world, chance, Kind.RECEIPT)
    ledger.record(asked, actor=chance.choice(world.people), key=uuid4())


def batch(world: World, chance: Chance) -> None:
    """Record several movements as one act."""
    kind = chance.choice([BatchKind.BULK, BatchKind.COUNT, BatchKind.RECEIPT])
    special = {BatchKind.COUNT: [Kind.COUNT], BatchKind.RECEIPT: [Kind.RECEIPT]}
    kinds: list[Kind] = special.get(kind, BY_HAND)
    lines = [movement(world, chance, chance.choice(kinds)) for _ in range(chance.randint(1, 6))]
    approvals.record_batch_or_request(
        kind, lines, actor=chance.choice(world.people), key=uuid4(), reason="Found"
    )


def transfer(world: World, chance: Chance) -> None:
    """Move units to another place, or to the same, which is refused."""
    asked = movement(world, chance, Kind.RECEIPT)
    away = Movement(
        product_id=asked.product_id,
        location_id=asked.location_id,
        kind=Kind.TRANSFER,
        quantity=asked.quantity,
    )
    there = chance.choice(world.places).pk
    ledger.transfer(away, to_location_id=there, actor=chance.choice(world.people), key=uuid4())


def reverse(world: World, chance: Chance) -> None:
    """Take a line back, whether that can still be done or not."""
    if lines := list(StockTransaction.objects.order_by("id").values_list("pk", flat=True)):
        ledger.reverse(chance.choice(lines), actor=chance.choice(world.people), key=uuid4())


def reverse_batch(world: World, chance: Chance) -> None:
    """Take a batch back, whether that can still be done or not."""
    if batches := list(Batch.objects.order_by("id").values_list("pk", flat=True)):
        ledger.reverse_batch(chance.choice(batches), actor=chance.choice(world.people), key=uuid4())


def reserve(world: World, chance: Chance) -> None:
    """Hold units for somebody, until today or until yesterday."""
    reservations.reserve(
        product_id=chance.choice(world.products).pk,
        location_id=chance.choice(world.places).pk,
        quantity=chance.randint(1, 12),
        recipient="Ana",
        until=date.today() - timedelta(days=chance.randint(0, 1)),
        actor=chance.choice(world.people),
        key=uuid4(),
    )


def issue_reserved(world: World, chance: Chance) -> None:
    """Hand out what a reservation holds, or more than that, which is refused."""
    if held := list(Reservation.objects.order_by("id")):
        reservation = chance.choice(held)
        asked = Movement(
            product_id=reservation.product_id,
            location_id=reservation.location_id,
            kind=Kind.ISSUE,
            quantity=-chance.randint(1, reservation.quantity),
            recipient="Ana",
            reservation_id=reservation.pk,
        )
        ledger.record(asked, actor=chance.choice(world.people), key=uuid4())


def release(world: World, chance: Chance) -> None:
    """Let go of a reservation, or of all that are over."""
    if chance.randint(0, 1):
        reservations.expire()
    elif held := list(Reservation.objects.order_by("id").values_list("pk", flat=True)):
        reservations.release(chance.choice(held), actor=chance.choice(world.people))


def decide(world: World, chance: Chance) -> None:
    """Approve or refuse what waits, or what was decided before, or what one asked for oneself."""
    if asked := list(Approval.objects.order_by("id").values_list("pk", flat=True)):
        actor = chance.choice(world.people)
        if chance.randint(0, 2):
            approvals.approve(chance.choice(asked), actor=actor)
        else:
            approvals.refuse(chance.choice(asked), actor=actor, refusal="No")


def correct(world: World, chance: Chance) -> None:
    """Correct a level to what somebody says there is, having seen what the book says, or not."""
    if levels := list(StockLevel.objects.order_by("id")):
        level, there = chance.choice(levels), chance.randint(0, 30)
        seen = level.on_hand + (chance.randint(0, 3) == 0)
        asked = Movement(
            product_id=level.product_id,
            location_id=level.location_id,
            kind=Kind.ADJUSTMENT,
            quantity=(there - seen) or 1,
            reason="Found",
            seen=seen,
        )
        approvals.record_or_request(asked, actor=chance.choice(world.people), key=uuid4())


def manage(world: World, chance: Chance) -> None:
    """Change what counts as low, what is in use, and which category it is of."""
    product = chance.choice(world.products)
    points = chance.randint(0, 20)
    category = chance.choice([None, *Category.objects.order_by("id")])
    Product.objects.filter(pk=product.pk).update(
        reorder_point=points, is_active=bool(chance.randint(0, 4)), category=category
    )


def look_back(_world: World, _chance: Chance) -> None:
    """Take a snapshot of the past in between."""
    past.take_snapshot(lines=0)


ACTS: list[Callable[[World, Chance], None]] = [
    *(receive, move, move, batch, transfer, reverse, reverse_batch),
    *(reserve, issue_reserved, release, decide, correct, manage, look_back),
    *(open_count, count_line, count_line, count_line, post_count),
]
