"""The only Python that writes stock: the typed face of the functions in `ledger.sql`.

One call per act, one round trip, all or nothing. What the database refuses comes back as a
`Refusal` that says why, in a sentence for people and a code for programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement to record: `quantity` is signed, in units.

    `seen`, when given, is the quantity on hand that the person saw: if another one is on the books
    by now, the movement is refused rather than applied to something nobody looked at.
    """

    product_id: int
    location_id: int
    kind: Kind
    quantity: int
    reason: str = ""
    reference: str = ""
    seen: int | None = None


class Refusal(Exception):
    """The ledger's no: nothing was written. `code` is for programs, `sentence` for people."""

    code = "refused"
    template: Promise = _("The ledger refused that.")

    def __init__(self, detail: int | None = None) -> None:
        self.detail = detail
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """What to tell the person, in their language."""
        detail = "" if self.detail is None else number_format(self.detail, force_grouping=True)
        return str(self.template) % {"detail": detail}


class InsufficientStock(Refusal):
    """More was to go out than there is."""

    code = "insufficient_stock"
    template = _("Not enough stock: only %(detail)s available.")


class StockChanged(Refusal):
    """The quantity on hand is no longer what the person saw."""

    code = "stock_changed"
    template = _("Somebody moved this stock meanwhile: there are %(detail)s now. Look again.")


class KeyReused(Refusal):
    """The idempotency key belongs to another act."""

    code = "idempotency_key_reused"
    template = _("This form was already used for something else. Reload the page and try again.")


class KeyMissing(Refusal):
    """There is no idempotency key: nobody could tell a second sending from a second act."""

    code = "idempotency_key_missing"
    template = _("This form was incomplete. Reload the page and try again.")


class AlreadyReversed(Refusal):
    """The line has been taken back before."""

    code = "already_reversed"
    template = _("This transaction has already been undone.")


class ReversalStays(Refusal):
    """A reversal is not itself reversed: the movement is made again."""

    code = "reversal_stays"
    template = _("An undo cannot be undone. Record the movement again instead.")


class UnknownTransaction(Refusal):
    """There is no such line."""

    code = "unknown_transaction"
    template = _("There is no such transaction.")


class UnknownPlace(Refusal):
    """The product or the location is gone."""

    code = "unknown_place"
    template = _("This product or location no longer exists.")


class NotAllowedHere(Refusal):
    """The movement breaks a rule of its kind; a form lets none of these through."""

    code = "invalid_movement"
    template = _("This is not a valid movement of stock.")


REFUSALS: dict[str, type[Refusal]] = {
    "insufficient_stock": InsufficientStock,
    "stock_changed": StockChanged,
    "idempotency_key_reused": KeyReused,
    "already_reversed": AlreadyReversed,
    "reversal_stays": ReversalStays,
    "unknown_transaction": UnknownTransaction,
    "stock_level_product_id_fkey": UnknownPlace,
    "stock_level_location_id_fkey": UnknownPlace,
    "kind_sign": NotAllowedHere,
    "quantity_limit": NotAllowedHere,
    "adjustment_reason": NotAllowedHere,
    "reversal_of": NotAllowedHere,
    "reason_length": NotAllowedHere,
    "reference_length": NotAllowedHere,
}
"""From the name of the constraint that refused."""


def record(movement: Movement, *, actor: Person, key: UUID) -> StockTransaction:
    """Record one movement and return its line; the same key again returns the same line."""
    m = movement
    return _line(
        "record_movement(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(m.product_id, m.location_id, m.kind.value, m.quantity, m.reason, m.reference, m.seen),
            *(actor.id, actor.name, actor.email, key),
        ],
    )


def reverse(transaction_id: int, *, actor: Person, key: UUID, reason: str = "") -> StockTransaction:
    """Take an earlier line back by a line of its own, and return that."""
    return _line(
        "reverse_movement(%s, %s, %s, %s, %s, %s)",
        [transaction_id, reason, actor.id, actor.name, actor.email, key],
    )


def record_all(movements: Iterable[tuple[Movement, UUID]], *, actor: Person) -> int:
    """Record many movements, each with its key, all or none, at one time; return how many."""
    lines = [
        {
            "product": m.product_id,
            "location": m.location_id,
            "kind": m.kind.value,
            "quantity": m.quantity,
            "reason": m.reason,
            "reference": m.reference,
            "key": str(key),
        }
        for m, key in movements
    ]
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM record_movements(%s::jsonb, %s, %s, %s)",
            [json.dumps(lines), actor.id, actor.name, actor.email],
        )
        return int(cursor.fetchone()[0])


def open_levels(places: Sequence[tuple[int, int]]) -> None:
    """Open an empty level at each (product id, location id) where there is none."""
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_level (product_id, location_id)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [[place[0] for place in places], [place[1] for place in places]],
        )


def _line(call: str, parameters: Sequence[object]) -> StockTransaction:
    with _refusals():
        return StockTransaction.objects.raw(f"SELECT * FROM {call}", parameters)[0]  # noqa: S608 (ours)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the database refuses into a `Refusal`.

    Inside an atomic block a savepoint keeps that block usable; outside, the call is its own block,
    without the two round trips that BEGIN and COMMIT would hold the lock for.
    """
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            yield
    except DatabaseError as error:
        diag = getattr(error.__cause__, "diag", None)
        refusal = REFUSALS.get(getattr(diag, "constraint_name", None) or "")
        if refusal is None:
            raise
        detail = getattr(diag, "message_detail", None) or ""
        raise refusal(int(detail) if detail.isdigit() else None) from error
