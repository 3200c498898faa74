"""Counts: what somebody found at a place. The difference to the book is posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports import lookups
from inventory_site.imports.book import reference_of
from inventory_site.imports.cells import Number, Text
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import Decided
from inventory_site.imports.file_kinds.stock import LOCATION, REFERENCE, SKU, StockKind
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.stock.kinds import MAX_QUANTITY, Kind
from inventory_site.stock.ledger import Movement


class CountRow(NamedTuple):
    """A row; `counted` is in units, and empty says that nobody counted."""

    line: int
    problem: str
    sku: str
    location: str
    counted: int | None
    reference: str
    reason: str


class Counts(StockKind):
    """A row changes something, or finds what the book says, as the book is at the import."""

    name = "counts"
    label = gettext_lazy("Counted stock")
    help = gettext_lazy("Compared with what the book says when the file is imported.")
    columns = (
        SKU,
        LOCATION,
        Column(
            "counted",
            Number(blank=None),
            gettext_lazy("How many there are, in whole units."),
            ("quantity", "qty", "qtd", "qtde", "contado", "contagem", "quantidade"),
            needed=True,
        ),
        REFERENCE,
        Column(
            "reason", Text(200), gettext_lazy("Anything else worth knowing."), ("motivo", "note")
        ),
    )
    row = CountRow
    created = ""
    changed = gettext_lazy("Differences")
    units = gettext_lazy("Units more or fewer")
    unchanged = gettext_lazy("As the book says")

    def decide(self, rows: Sequence[CountRow]) -> Iterator[Decided]:
        """Settle a chunk of rows by what the book says of their places."""
        spots = list(self.spots(rows))
        levels = lookups.levels({spot.place for spot in spots if not spot.problem})
        for row, spot in zip(rows, spots, strict=True):
            on_hand, available = levels.get(spot.place, (0, 0))
            units = 0 if row.counted is None else row.counted - on_hand
            note = spot.problem
            if row.counted is None and not row.problem:
                note += " " + _("Say how many were counted; nothing is not 0 here.")
            note = note.strip() or self.taken_before(spot, row.line)
            result = Result.REFUSED if note else Result.CHANGED
            if result is Result.REFUSED:
                pass
            elif not units:
                result = Result.UNCHANGED
            elif available + units < 0 or abs(units) > MAX_QUANTITY:
                result = Result.REFUSED
                sentence = _("%(reserved)s of the %(book)s in the book are reserved.")
                numbers = {"reserved": localize(on_hand - available), "book": localize(on_hand)}
                note = sentence % numbers
            else:
                sentence = _("%(book)s in the book, %(counted)s counted.")
                note = sentence % {"book": localize(on_hand), "counted": localize(row.counted)}
            shown = units if result is Result.CHANGED else 0
            outcome = Outcome(row.line, result, row.sku, spot.name, shown, note)
            yield Decided(row, outcome, (spot, on_hand))

    def write(self, decided: Sequence[Decided]) -> None:
        """Post the differences of a chunk."""
        reference = reference_of(self.job.filename)
        self.book.add(
            Movement(
                product_id=item.ids[0].product_id,
                location_id=item.ids[0].location_id,
                kind=Kind.COUNT,
                quantity=item.outcome.units,
                reason=item.row.reason,
                reference=item.row.reference or reference,
                seen=item.ids[1],
            )
            for item in decided
        )
