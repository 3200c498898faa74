"""Movements: receipts, issues and the rest, recorded elsewhere or exported from here.

A movement that is in the book already, with everything its row says, is left alone: the same file
again, or the same file mended, adds only what is new. Of equal rows, as many count as are there.
What was undone with its import is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports import lookups
from inventory_site.imports.allowance import Allowance
from inventory_site.imports.cells import Choice, Day, Money, Number, Text
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import Decided, Job
from inventory_site.imports.file_kinds.stock import LOCATION, REFERENCE, SKU, Spot, StockKind
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.imports.recorded import count_recorded
from inventory_site.imports.words import folded
from inventory_site.stock.kinds import MAX_QUANTITY, RULES, Kind
from inventory_site.stock.ledger import Movement

WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.RECEIPT: ("receipt", "receive", "in", "entrada", "recebimento"),
    Kind.ISSUE: ("issue", "out", "saída", "retirada"),
    Kind.TRANSFER: ("transfer", "transferência"),
    Kind.ADJUSTMENT: ("adjustment", "ajuste"),
    Kind.RETURN: ("return", "devolução"),
    Kind.WRITE_OFF: ("write_off", "baixa"),
    Kind.COUNT: ("count", "contagem"),
    Kind.REVERSAL: ("reversal", "undo", "estorno"),
}
"""What files call the kinds."""
INTERNAL = (Kind.TRANSFER, Kind.REVERSAL)
"""Kinds that belong to another line of the same book: elsewhere they are an issue or a return."""


class MovementRow(NamedTuple):
    """A row; `quantity` is in units, its sign is the kind's where the kind has one."""

    line: int
    problem: str
    sku: str
    location: str
    kind: Kind | None
    quantity: int
    reason: str
    reference: str
    occurred_on: date | None
    recipient: str
    supplier: str
    unit_cost: Decimal | None


class Movements(StockKind):
    """A row is recorded, is in the book already, or is refused."""

    name = "movements"
    label = gettext_lazy("Movements")
    help = gettext_lazy("What is in the book already is left alone.")
    columns = (
        SKU,
        LOCATION,
        Column(
            "kind",
            Choice({folded(word): kind for kind in Kind for word in WORDS[kind]}, blank=None),
            gettext_lazy("Receipt, issue, return, adjustment, write-off or count."),
            ("type", "tipo"),
            needed=True,
        ),
        Column(
            "quantity",
            Number(least=-MAX_QUANTITY),
            gettext_lazy("In whole units; below 0 is out."),
            ("qty", "qtd", "qtde", "quantidade"),
            needed=True,
        ),
        Column(
            "reason", Text(200), gettext_lazy("Adjustments and write-offs need one."), ("motivo",)
        ),
        REFERENCE,
        Column(
            "occurred_on",
            Day(),
            gettext_lazy("When it was, such as 2026-03-31."),
            ("date", "data", "day", "dia"),
        ),
        Column(
            "recipient", Text(120), gettext_lazy("Who got it, or gave it back."), ("para", "to")
        ),
        Column(
            "supplier",
            Text(80),
            gettext_lazy("Who delivered a receipt. New ones are added."),
            ("fornecedor",),
        ),
        Column(
            "unit_cost",
            Money(),
            gettext_lazy("What one unit of a receipt cost."),
            ("cost", "price", "custo", "custo unitário"),
        ),
    )
    row = MovementRow
    created = gettext_lazy("New movements")
    units = gettext_lazy("Units more or fewer")
    unchanged = gettext_lazy("In the book already")

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._allowance = Allowance(self.seen)

    def decide(self, rows: Sequence[MovementRow]) -> Iterator[Decided]:
        """Settle a chunk of rows, each by the book as the rows before have left it."""
        spots = list(self.spots(rows))
        suppliers = lookups.suppliers({row.supplier for row in rows if row.supplier})
        levels = lookups.levels({spot.place for spot in spots if not spot.problem})
        asked = [
            None if spot.problem or row.kind is None else _movement(row, spot, suppliers)
            for row, spot in zip(rows, spots, strict=True)
        ]
        recorded = count_recorded([each for each in asked if each], but_of_batch=self.batch_id)
        self._allowance.learn({spot.product_id for spot in spots if not spot.problem})
        for row, spot, movement in zip(rows, spots, asked, strict=True):
            result, units, note = Result.REFUSED, 0, _problems(row, spot)
            written = movement and _as_here(movement)
            if note or not movement or not written:
                pass
            elif self._is_recorded(movement, row, recorded.get(movement, 0)):
                result = Result.UNCHANGED
                note = _("It is in the book already; another one needs a reference of its own.")
            elif note := self._refusal(written, levels.get(spot.place, (0, 0))[1]):
                pass
            else:
                result, units = Result.CREATED, written.quantity
                self._add(written)
                if movement.kind in INTERNAL:
                    sentence = _("Recorded as “%(kind)s”, because its other half is elsewhere.")
                    note = sentence % {"kind": RULES[written.kind].label}
            outcome = Outcome(row.line, result, row.sku, spot.name, units, note)
            yield Decided(row, outcome, (written,))

    def _is_recorded(self, movement: Movement, row: MovementRow, there: int) -> bool:
        """Tell whether this is one of those that are in the book; the first ones are."""
        if not there:
            return False
        key = f"={hash_of(movement)}{row.supplier.casefold()}"
        if (self.seen.get(key) or 0) >= there:
            return False
        self.seen.add(key, 1)
        return True

    def _refusal(self, movement: Movement, available: int) -> str:
        """Say what the ledger will not have: more than there is, or than one person may write.

        `available` counts where the file names the place for the first time: from there on, what
        its rows leave there does, whether they are written by now or not.
        """
        place = _place(movement)
        left = self.seen.get(place)
        if left is None:
            left = available
            self.seen.add(place, available)
        if left + movement.quantity < 0:
            return _("Not enough stock: only %(detail)s available.") % {"detail": localize(left)}
        return self._allowance.problem(movement)

    def _add(self, movement: Movement) -> None:
        self.seen.add(_place(movement), movement.quantity)
        self._allowance.add(movement)

    def write(self, decided: Sequence[Decided]) -> None:
        """Record a chunk."""
        suppliers = lookups.make_suppliers(d.row.supplier for d in decided if d.row.supplier)
        self.book.add(
            replace(item.ids[0], supplier_id=suppliers.get(item.row.supplier)) for item in decided
        )


def _movement(row: MovementRow, spot: Spot, suppliers: dict[str, int]) -> Movement:
    """Return a row as a movement of its own kind, or as one of a supplier nobody knows (id 0)."""
    assert row.kind  # noqa: S101 (asked before)
    sign = RULES[row.kind].sign
    return Movement(
        product_id=spot.product_id,
        location_id=spot.location_id,
        kind=row.kind,
        quantity=-abs(row.quantity) if sign < 0 else row.quantity,
        reason=row.reason,
        reference=row.reference,
        occurred_on=row.occurred_on,
        supplier_id=suppliers.get(row.supplier, 0) if row.supplier else None,
        unit_cost=row.unit_cost,
        recipient=row.recipient,
    )


def _as_here(movement: Movement) -> Movement:
    """Return the movement as this book can take it."""
    if movement.kind not in INTERNAL:
        return movement
    kind = Kind.ISSUE if movement.quantity < 0 else Kind.RETURN
    reason = movement.reason or str(movement.kind.value.capitalize())
    return replace(movement, kind=kind, reason=reason)


def _problems(row: MovementRow, spot: Spot) -> str:
    """Say everything that is wrong with a row by itself; the kinds' own table knows the rules."""
    problems = [spot.problem]
    if row.problem or row.kind is None:
        problems += [] if row.problem else [_("Say what kind of movement it is.")]
        return " ".join(filter(None, problems))
    rule = RULES[row.kind]
    if row.quantity == 0 or (rule.sign > 0 and row.quantity < 0):
        problems.append(_("A movement of this kind needs a quantity above 0."))
    if rule.needs_reason and not row.reason:
        problems.append(_("A movement of this kind needs a reason."))
    given = {"supplier": row.supplier, "unit_cost": row.unit_cost, "recipient": row.recipient}
    for name, value in given.items():
        if value not in {"", None} and name not in rule.fields:
            sentence = _("A movement of this kind has no “%(field)s”.")
            problems.append(sentence % {"field": name.replace("_", " ")})
    if row.occurred_on and row.occurred_on > timezone.localdate() + timedelta(days=1):
        problems.append(_("It cannot have been in the future."))
    return " ".join(filter(None, problems))


def _place(movement: Movement) -> str:
    return f"{movement.product_id}@{movement.location_id}"


def hash_of(movement: Movement) -> str:
    """Return a movement as one text, the same for equal ones."""
    return repr(movement)
