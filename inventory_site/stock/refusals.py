"""What the ledger refuses, each with a sentence for people and a code for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One line that stands in the way of an act of several.

    `number` counts the lines as asked for, from 1; `transaction_id` names one that was to be taken
    back. `available` is in units.
    """

    number: int | None
    transaction_id: int | None
    product_id: int
    location_id: int
    available: int


class Refusal(Exception):
    """The ledger's no: nothing was written. `code` is for programs, `sentence` for people.

    `detail` is the number that the sentence names, in units; `lines` are those that stand in the
    way, where the act has several.
    """

    code = "refused"
    template: Promise = _("The ledger refused that.")

    def __init__(self, detail: int | None = None, lines: Sequence[RefusedLine] = ()) -> None:
        self.detail = detail
        self.lines = tuple(lines)
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """What to tell the person, in their language."""
        detail = "" if self.detail is None else number_format(self.detail, force_grouping=True)
        return str(self.template) % {"detail": detail}


class InsufficientStock(Refusal):
    """More was to go out, or to be held, than is available."""

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
    """The line, or every line of the batch, has been taken back before."""

    code = "already_reversed"
    template = _("This transaction has already been undone.")


class ReversalStays(Refusal):
    """A reversal is not itself reversed: the movement is made again."""

    code = "reversal_stays"
    template = _("An undo cannot be undone. Record the movement again instead.")


class TransferWhole(Refusal):
    """One line of a transfer is not taken back alone."""

    code = "transfer_whole"
    template = _("A transfer is undone as a whole, not line by line.")


class BatchStays(Refusal):
    """Some lines of the batch can no longer be taken back, because the stock has gone."""

    code = "batch_stays"
    template = _("This can no longer be undone: the stock of some lines has gone.")


class BatchOvertaken(Refusal):
    """Somebody moved a product after a long batch had begun."""

    code = "batch_overtaken"
    template = _("Somebody moved this stock meanwhile. Nothing was written; try again.")


class ApprovalNeeded(Refusal):
    """The act waits for another person; `units` and `value` are what it is about."""

    code = "approval_needed"
    template = _("Another person must approve this.")

    units: int = 0
    value: str = "0"


class SamePerson(Refusal):
    """Nobody approves what they asked for."""

    code = "four_eyes"
    template = _("You asked for this yourself: another person must approve it.")


class AlreadyDecided(Refusal):
    """It was approved or refused before."""

    code = "already_decided"
    template = _("This has been decided already.")


class ReservationExceeded(Refusal):
    """The reservation is closed, for another place, or holds fewer units."""

    code = "reservation_exceeded"
    template = _("The reservation does not hold that many units here.")


class UnknownTransaction(Refusal):
    """There is no such line or batch."""

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
    "batch_key_reused": KeyReused,
    "reservation_key_reused": KeyReused,
    "already_reversed": AlreadyReversed,
    "batch_already_reversed": AlreadyReversed,
    "reversal_stays": ReversalStays,
    "transfer_whole": TransferWhole,
    "batch_stays": BatchStays,
    "batch_overtaken": BatchOvertaken,
    "approval_needed": ApprovalNeeded,
    "four_eyes": SamePerson,
    "already_decided": AlreadyDecided,
    "reservation_exceeded": ReservationExceeded,
    "unknown_transaction": UnknownTransaction,
    "unknown_reservation": UnknownTransaction,
    "unknown_approval": UnknownTransaction,
    "unknown_place": UnknownPlace,
    "stock_level_product_id_fkey": UnknownPlace,
    "stock_level_location_id_fkey": UnknownPlace,
} | dict.fromkeys(
    (
        "kind_sign",
        "quantity_limit",
        "reason_needed",
        "reversal_of",
        "reason_length",
        "reference_length",
        "recipient_length",
        "reservation_recipient",
        "refusal_length",
        "refusal_reason",
        "unit_cost_range",
        "fields_of_kind",
        "transfer_in_batch",
        "transfer_balanced",
        "occurred_before",
        "unknown_supplier",
        "batch_kind",
    ),
    NotAllowedHere,
)
"""From the name of the constraint that refused."""


@contextmanager
def refusals() -> Iterator[None]:
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
        raise _made(refusal, getattr(diag, "message_detail", None)) from error


def _made(kind: type[Refusal], text: str | None) -> Refusal:
    """Make the refusal out of the JSON that the ledger's functions send along."""
    told: dict[str, Any] = json.loads(text) if text and text.startswith("{") else {}
    lines = [
        RefusedLine(
            number=line.get("n"),
            transaction_id=line.get("id"),
            product_id=line["product"],
            location_id=line["location"],
            available=line["available"],
        )
        for line in told.get("lines", [])
    ]
    refusal = kind(told.get("available"), lines)
    if isinstance(refusal, ApprovalNeeded):
        refusal.units, refusal.value = told["units"], str(told["value"] or 0)
    return refusal
