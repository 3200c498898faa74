"""Acts of several lines: tried out before, recorded as one, looked at and taken back as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction

from inventory_site.access.models import Person
from inventory_site.access.roles import Permission
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger
from inventory_site.stock.kinds import RULES, BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Approval, Batch, StockLevel, StockTransaction
from inventory_site.stock.refusals import (
    ApprovalNeeded,
    Refusal,
    RefusedLine,
)

MAX_LINES = 200
"""The most lines that people put together by hand; an import takes as many as it has."""

COUNTED_UP_TO = 1_000

UNDONE_BY: dict[BatchKind, Permission] = {
    BatchKind.TRANSFER: Permission.MOVE,
    BatchKind.BULK: Permission.MOVE,
    BatchKind.RECEIPT: Permission.MANAGE,
    BatchKind.IMPORT: Permission.MANAGE,
    BatchKind.COUNT: Permission.MANAGE,
}
"""What it takes to undo a batch, as a whole or a line of it; an undo itself stays."""


def may_undo_batch(person: Person, batch: Batch) -> bool:
    """Tell whether this person may take back a batch of this kind."""
    needed = UNDONE_BY.get(BatchKind(batch.kind))
    return needed is not None and person.may(needed)


def may_undo_line(person: Person, line: StockTransaction) -> bool:
    """Tell whether this person may take back a line: its kind's right, and its batch's."""
    by_kind = person.may(RULES[Kind(line.kind)].permission)
    return by_kind and (line.batch is None or may_undo_batch(person, line.batch))


def act(
    movement: Movement, *, destination: Location | None, actor: Person, key: UUID
) -> StockTransaction | Batch | Approval:
    """Do what the dialog asks for: a transfer to `destination`, else one movement, or its wait."""
    if destination is None:
        return approvals.record_or_request(movement, actor=actor, key=key)
    return ledger.transfer(
        movement, to_location_id=destination.pk, actor=actor, key=key, reason=movement.reason
    )


@dataclass(frozen=True, slots=True)
class TriedLine:
    """A line that would be written: units before and after; `problem` says why it will not be.

    `number` counts the movements as asked for, from 1.
    """

    number: int
    product: Product
    location: Location
    movement: Movement
    before: int
    problem: str = ""

    @property
    def after(self) -> int:
        """Units there afterwards."""
        return self.before + self.movement.quantity


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a batch. `problem` speaks of the whole of it; `waits`: for approval.

    `code` is the reason for programs why it is not possible, or not yet.
    """

    lines: list[TriedLine]
    problem: str
    waits: bool
    code: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problem


def try_out(
    kind: BatchKind, movements: Sequence[Movement], *, actor: Person, reason: str = ""
) -> Trial:
    """Record a batch and forget it again: so the ledger itself says what it would refuse."""
    refusal: Refusal | None = None
    with transaction.atomic():
        try:
            ledger.record_batch(kind, movements, actor=actor, key=uuid4(), reason=reason)
        except Refusal as no:
            refusal = no
        transaction.set_rollback(True)
    waits = isinstance(refusal, ApprovalNeeded)
    problem = "" if refusal is None or waits else refusal.sentence
    return Trial(_tried(movements, refusal), problem, waits, refusal.code if refusal else "")


def _tried(movements: Sequence[Movement], refusal: Refusal | None) -> list[TriedLine]:
    """Follow the movements from what is on hand, line by line."""
    products = Product.objects.in_bulk({m.product_id for m in movements})
    places = Location.objects.in_bulk({m.location_id for m in movements})
    levels = StockLevel.objects.filter(product__in=products, location__in=places)
    on_hand = {(level.product_id, level.location_id): level.on_hand for level in levels}
    problems = {line.number: _problem(refusal, line) for line in refusal.lines} if refusal else {}
    lines = []
    for number, movement in enumerate(movements, 1):
        at = (movement.product_id or 0, movement.location_id or 0)
        before = on_hand.get(at, 0)
        problem = problems.get(number, "")
        line = TriedLine(number, products[at[0]], places[at[1]], movement, before, problem)
        on_hand[at] = line.after
        lines.append(line)
    return lines


def _problem(refusal: Refusal, line: RefusedLine) -> str:
    """Say of one line what the refusal says of the first."""
    return type(refusal)(line.available).sentence


@dataclass(frozen=True, slots=True)
class StuckLine:
    """A line that can no longer be taken back: only `available` units are left at its place."""

    line: StockTransaction
    available: int


def stuck_lines(refusal: Refusal) -> list[StuckLine]:
    """Return the lines that stand in the way of an undo, up to as many as a page shows."""
    shown = {each.transaction_id: each.available for each in refusal.lines[:MAX_LINES]}
    lines = StockTransaction.objects.explained().filter(pk__in=[pk for pk in shown if pk])
    return [StuckLine(line, shown[line.pk]) for line in lines.order_by("pk")]


def obstacle(batch: Batch, *, actor: Person) -> Refusal | None:
    """Take a batch back and forget it again: return what the ledger says against it."""
    refusal: Refusal | None = None
    with transaction.atomic():
        try:
            ledger.reverse_batch(batch.pk, actor=actor, key=uuid4())
        except Refusal as no:
            refusal = no
        transaction.set_rollback(True)
    return refusal


def line_counts(batches: Iterable[Batch]) -> dict[int, int]:
    """Return how many lines each batch has; one more than `COUNTED_UP_TO` stands for any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b, (SELECT count(*) FROM (SELECT FROM stock_transaction WHERE batch_id = b"
            " LIMIT %s) x) FROM unnest(%s::bigint[]) b",
            [COUNTED_UP_TO + 1, [batch.pk for batch in batches]],
        )
        return dict(cursor.fetchall())
