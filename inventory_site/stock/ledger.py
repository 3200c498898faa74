"""The only Python that writes stock: the typed face of the functions in `ledger.sql`.

One call per act, one round trip, all or nothing. What the database refuses comes back as a
`Refusal` (`refusals.py`). Reservations and approvals have faces of their own beside this one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from inventory_site.access.models import Person
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Batch, StockTransaction
from inventory_site.stock.refusals import refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement to record: `quantity` is signed, in units.

    `seen`, when given, is the quantity on hand that the person saw: if another one is on the books
    by now, the movement is refused rather than applied to something nobody looked at. `occurred_on`
    is what a person says of something recorded late; the ledger's own time is always now.
    `unit_cost` is money for one unit; `recipient` a person or department; `kinds.py` says which
    kind takes which of these. Instead of ids, codes will do, without looking them up first: `sku`
    and `place` (a location's code), whatever their case.
    """

    kind: Kind
    quantity: int
    product_id: int | None = None
    location_id: int | None = None
    sku: str = ""
    place: str = ""
    reason: str = ""
    reference: str = ""
    seen: int | None = None
    occurred_on: date | None = None
    supplier_id: int | None = None
    unit_cost: Decimal | None = None
    recipient: str = ""
    reservation_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the ledger's functions take, without what is empty."""
        everything = {
            "sku": self.sku,
            "place": self.place,
            "product": self.product_id,
            "location": self.location_id,
            "kind": self.kind.value,
            "quantity": self.quantity,
            "reason": self.reason,
            "reference": self.reference,
            "seen": self.seen,
            "occurred_on": self.occurred_on and self.occurred_on.isoformat(),
            "supplier": self.supplier_id,
            "unit_cost": None if self.unit_cost is None else str(self.unit_cost),
            "recipient": self.recipient,
            "reservation": self.reservation_id,
        }
        return {
            name: value for name, value in everything.items() if value is not None and value != ""
        }


def as_lines(movements: Iterable[Movement]) -> str:
    """Return several movements as the ledger's functions take them."""
    return json.dumps([movement.as_json() for movement in movements])


def record(movement: Movement, *, actor: Person, key: UUID) -> StockTransaction:
    """Record one movement and return its line; the same key again returns the same line."""
    parameters = [json.dumps(movement.as_json()), *_signature(actor), key]
    return _line("record_movement(%s::jsonb, %s, %s, %s, %s)", parameters)


def reverse(transaction_id: int, *, actor: Person, key: UUID, reason: str = "") -> StockTransaction:
    """Take an earlier line back by a line of its own, and return that."""
    parameters = [transaction_id, reason, *_signature(actor), key]
    return _line("reverse_movement(%s, %s, %s, %s, %s, %s)", parameters)


def record_batch(
    kind: BatchKind,
    movements: Iterable[Movement],
    *,
    actor: Person,
    key: UUID,
    reason: str = "",
    reference: str = "",
) -> Batch:
    """Record several movements as one act, all or none, at one time; return their batch.

    A refusal's `lines` name, by number from 1, those that stand in the way.
    """
    parameters = [kind.value, as_lines(movements), reason, reference, *_signature(actor), key]
    return _batch("record_batch(%s, %s::jsonb, %s, %s, %s, %s, %s, %s)", parameters)


def both_ends(movement: Movement, to_location_id: int) -> list[Movement]:
    """Return the two lines of a transfer of `movement.quantity` (> 0) units to another place."""
    away = replace(movement, kind=Kind.TRANSFER, quantity=-movement.quantity)
    return [away, replace(away, location_id=to_location_id, quantity=movement.quantity, seen=None)]


def transfer(
    movement: Movement, *, to_location_id: int, actor: Person, key: UUID, reason: str = ""
) -> Batch:
    """Move units (`quantity` > 0) from the movement's location to another; both lines or none."""
    lines, reference = both_ends(movement, to_location_id), movement.reference
    return record_batch(
        BatchKind.TRANSFER, lines, actor=actor, key=key, reason=reason, reference=reference
    )


def reverse_batch(batch_id: int, *, actor: Person, key: UUID, reason: str = "") -> Batch:
    """Take back every line of a batch that is not taken back yet, by a batch of its own.

    Raises `BatchStays`, whose `lines` name the transactions whose stock has gone.
    """
    parameters = [batch_id, reason, *_signature(actor), key]
    return _batch("reverse_batch(%s, %s, %s, %s, %s, %s)", parameters)


def open_batch(
    kind: BatchKind,
    product_ids: Sequence[int],
    *,
    actor: Person,
    key: UUID,
    digest: bytes,
    reason: str = "",
    reference: str = "",
) -> Batch:
    """Begin a batch too long for one call, in an atomic block: `extend_batch` adds its lines.

    Locks those of its products that exist already, so that its one time is after all that moved
    before. `digest` tells its content apart; the same key and content again returns the earlier
    batch, which takes no more lines.
    """
    assert connection.in_atomic_block  # noqa: S101 (else it would be closed at once)
    parameters = [kind.value, list(product_ids), reason, reference, digest]
    return _batch(
        "open_batch(%s, %s::bigint[], %s, %s, %s, %s, %s, %s, %s)",
        [*parameters, *_signature(actor), key],
    )


def extend_batch(batch: Batch, movements: Iterable[Movement]) -> int:
    """Add lines to a batch that this atomic block has opened; return how many."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT extend_batch(%s, %s::jsonb)", [batch.pk, as_lines(movements)])
        return int(cursor.fetchone()[0])


def open_levels(places: Sequence[tuple[int, int]]) -> None:
    """Open an empty level at each (product id, location id) where there is none."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_level (product_id, location_id)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [[place[0] for place in places], [place[1] for place in places]],
        )


def _signature(actor: Person) -> list[object]:
    """Return who acts, as every function takes it."""
    return [actor.id, actor.name, actor.email]


def _line(call: str, parameters: Sequence[Any]) -> StockTransaction:
    fields = StockTransaction._meta.concrete_fields  # in the order that `from_db` takes them
    columns = ", ".join(str(field.column) for field in fields)
    with refusals(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {call}", parameters)  # noqa: S608 (ours)
        names = [field.attname for field in fields]
        return StockTransaction.from_db(connection.alias, names, cursor.fetchone())


def _batch(call: str, parameters: Sequence[object]) -> Batch:
    with refusals():
        return Batch.objects.raw(f"SELECT * FROM {call}", parameters)[0]  # noqa: S608 (ours)
