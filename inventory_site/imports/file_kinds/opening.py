"""Opening stock: what lay where when the book was opened. Once for each product and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports import lookups
from inventory_site.imports.book import reference_of
from inventory_site.imports.cells import Money, Number
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import Decided
from inventory_site.imports.file_kinds.stock import LOCATION, SKU, StockKind
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.stock import ledger
from inventory_site.stock.kinds import OPENING, Kind
from inventory_site.stock.ledger import Movement


class OpeningRow(NamedTuple):
    """A row; `quantity` is in units, 0 opens an empty place."""

    line: int
    problem: str
    sku: str
    location: str
    quantity: int
    unit_cost: Decimal | None


class Opening(StockKind):
    """A receipt for every place that has none; where there is stock already, nothing is added."""

    name = "opening"
    label = gettext_lazy("Opening stock of products that exist")
    help = gettext_lazy("Once for each product and place; the same file again changes nothing.")
    columns = (
        SKU,
        LOCATION,
        Column(
            "quantity",
            Number(),
            gettext_lazy("The opening stock, in whole units; nothing is 0."),
            ("qty", "qtd", "qtde", "on hand", "quantidade", "estoque"),
            needed=True,
        ),
        Column(
            "unit_cost",
            Money(),
            gettext_lazy("What one unit of the opening stock cost."),
            ("cost", "price", "custo", "custo unitário"),
        ),
    )
    row = OpeningRow
    created = gettext_lazy("New opening stock")
    units = gettext_lazy("Units of opening stock")
    unchanged = gettext_lazy("There already")

    def decide(self, rows: Sequence[OpeningRow]) -> Iterator[Decided]:
        """Settle a chunk of rows by what is at their places."""
        spots = list(self.spots(rows))
        places = {spot.place for spot in spots if not spot.problem}
        levels, openings = lookups.levels(places), lookups.openings(places)
        for row, spot in zip(rows, spots, strict=True):
            note = spot.problem or self.taken_before(spot, row.line)
            result = Result.REFUSED if note else Result.CREATED
            opened, level = openings.get(spot.place), levels.get(spot.place)
            if note:
                pass
            elif opened is not None and opened != row.quantity:
                result = Result.REFUSED
                sentence = _("Its opening stock is %(units)s already: correct it by a count.")
                note = sentence % {"units": localize(opened)}
            elif opened is not None or (level and not row.quantity and not level[0]):
                result = Result.UNCHANGED
            elif level and level[0]:
                result = Result.REFUSED
                sentence = _("There are %(units)s already, with a history: correct it by a count.")
                note = sentence % {"units": localize(level[0])}
            units = row.quantity if result is Result.CREATED else 0
            yield Decided(row, Outcome(row.line, result, row.sku, spot.name, units, note), spot)

    def write(self, decided: Sequence[Decided]) -> None:
        """Receive a chunk."""
        ledger.open_levels([item.ids.place for item in decided])
        reference = reference_of(self.job.filename)
        self.book.add(
            Movement(
                product_id=item.ids.product_id,
                location_id=item.ids.location_id,
                kind=Kind.RECEIPT,
                quantity=item.row.quantity,
                reason=OPENING,
                reference=reference,
                unit_cost=item.row.unit_cost,
            )
            for item in decided
            if item.row.quantity
        )
