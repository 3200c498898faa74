"""Four eyes: acts that wait for another person. The typed face of `approvals.sql`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from inventory_site.access.models import Person
from inventory_site.stock import ledger
from inventory_site.stock.kinds import BatchKind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Approval, Batch, StockTransaction
from inventory_site.stock.refusals import ApprovalNeeded, refusals


def record_or_request(
    movement: Movement, *, actor: Person, key: UUID
) -> StockTransaction | Approval:
    """Record one movement, or have it wait for another person where it needs one."""
    try:
        return ledger.record(movement, actor=actor, key=key)
    except ApprovalNeeded as need:
        return _request([movement], "", need, actor=actor, key=key, reason=movement.reason)


def record_batch_or_request(
    kind: BatchKind,
    movements: Sequence[Movement],
    *,
    actor: Person,
    key: UUID,
    reason: str = "",
    reference: str = "",
) -> Batch | Approval:
    """Record a batch, or have the whole of it wait where some of it needs another person."""
    act = {"actor": actor, "key": key, "reason": reason, "reference": reference}
    try:
        return ledger.record_batch(kind, movements, **act)  # type: ignore[arg-type]  # as named
    except ApprovalNeeded as need:
        return _request(movements, kind.value, need, **act)  # type: ignore[arg-type]  # as named


def approve(approval_id: int, *, actor: Person) -> Approval:
    """Let an act happen, now, as who asked for it.

    Raises `SamePerson`, `AlreadyDecided`, or what the ledger refuses by now: then it waits on.
    """
    return _approval(
        "approve_act(%s, %s, %s, %s)", [approval_id, actor.id, actor.name, actor.email]
    )


def may_refuse(person: Person, approval: Approval) -> bool:
    """Tell whether somebody may refuse an act: managers, and who asked for it takes it back so."""
    return approval.created_by == person or person.can_manage


def refuse(approval_id: int, *, actor: Person, refusal: str) -> Approval:
    """Refuse an act, saying why; who asked for it takes it back so."""
    return _approval(
        "refuse_act(%s, %s, %s, %s, %s)",
        [approval_id, refusal, actor.id, actor.name, actor.email],
    )


def _request(
    movements: Sequence[Movement],
    batch_kind: str,
    need: ApprovalNeeded,
    *,
    actor: Person,
    key: UUID,
    reason: str,
    reference: str = "",
) -> Approval:
    lines = ledger.as_lines(movements)
    return _approval(
        "request_approval(%s::jsonb, %s, %s, %s, %s, %s::numeric, %s, %s, %s, %s)",
        [
            *(lines, batch_kind, reason, reference, need.units, need.value),
            *(actor.id, actor.name, actor.email, key),
        ],
    )


def _approval(call: str, parameters: Sequence[object]) -> Approval:
    with refusals():
        return Approval.objects.raw(f"SELECT * FROM {call}", parameters)[0]  # noqa: S608 (ours)
