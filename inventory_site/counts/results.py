"""What came of a count, line by line: who counted what, what the book said, what was posted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count as Number
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from inventory_site.access.models import Person
from inventory_site.counts.models import Count, Entry, Line, LineQuerySet
from inventory_site.stock.models import Batch, StockTransaction

CHUNK = 500
"""Lines of a CSV file that are fetched together."""


@dataclass(slots=True)
class Voice:
    """What one person said of a line without anybody between: a figure, or units on top."""

    by: Person
    at: datetime
    units: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of a count: `line` with its last entry, and what was posted for it, or None.

    `voices` are all that was said of it, the first one first.
    """

    count: Count
    line: Line
    posted: StockTransaction | None
    voices: list[Voice]

    @property
    def book(self) -> int | None:
        """What the book said when the line was counted; of one taken as none, when posted.

        None, too, while somebody may still be counting who is not to know.
        """
        if _hides_book(self.count):
            return None
        if self.line.latest:
            return self.line.latest.on_hand
        return self.posted.balance_before if self.posted else None

    @property
    def counted(self) -> int | None:
        """How many were there; None where nobody counted and it stayed as it was."""
        if self.line.latest:
            return self.line.latest.counted
        return 0 if self.posted else None

    @property
    def difference(self) -> int | None:
        """Counted less the book at that moment."""
        if self.counted is None or self.book is None:
            return None
        return self.counted - self.book

    @property
    def is_in_doubt(self) -> bool:
        """Whether to look at it again before posting (after `narrowed`); nothing is once closed."""
        latest, line = self.line.latest, self.line
        is_doubted = bool(latest and (latest.doubt or line.is_corrected))
        return is_doubted and self.count.is_open

    @property
    def worth(self) -> Decimal | None:
        """What the difference is worth, as the ledger booked it."""
        return self.posted.value if self.posted else None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a count put on the books: lines, units that came and went, and what that is worth."""

    differing: int
    more: int
    fewer: int
    worth: Decimal


def lines_of(count: Count, *, differing: bool) -> LineQuerySet:
    """Return the lines of a count, all of them or (of a closed one) those that differ."""
    lines = Line.objects.filter(count=count).explained()
    if count.closed_at:
        lines = lines.with_moved(count.closed_at, count.batch_id)
    if not differing:
        return lines
    if not count.is_rest_none:
        return lines.with_difference().differing()
    posted = StockTransaction.objects.filter(batch=count.batch_id, level=OuterRef("level"))
    return lines.filter(Exists(posted))


def explained(count: Count, lines: Iterable[Line]) -> list[Explained]:
    """Return what there is to say of some lines, in two queries for all of them."""
    lines = list(lines)
    posted: dict[int, StockTransaction] = {}
    if count.batch_id:
        levels = [line.level_id for line in lines]
        found = StockTransaction.objects.filter(batch=count.batch_id, level__in=levels)
        posted = {line.level_id: line for line in found.select_related("reversal")}
    said = voices_of(lines)
    return [
        Explained(count, line, posted.get(line.level_id), said.get(line.pk, [])) for line in lines
    ]


def voices_of(lines: Iterable[Line]) -> dict[int, list[Voice]]:
    """Return what was said of each line, the first first, in one query for all of them."""
    said: dict[int, list[Voice]] = {}
    found = Entry.objects.filter(line__in=[line.pk for line in lines]).select_related("by")
    for entry in found.order_by("line", "seq"):
        voices = said.setdefault(entry.line_id, [])
        is_more = entry.kind == Entry.ADD
        if is_more and voices and voices[-1].by == entry.by:
            voices[-1].units += entry.quantity
            voices[-1].at = entry.at
        else:
            voices.append(Voice(entry.by, entry.at, entry.quantity, is_more))
    return said


def totals_of(count: Count) -> Totals:
    """Return what a posted count put on the books; noughts where there was nothing to put."""
    found = StockTransaction.objects.filter(batch=count.batch_id, batch__isnull=False).aggregate(
        differing=Number("pk"),
        more=Sum("quantity", filter=Q(quantity__gt=0), default=0),
        fewer=Sum("quantity", filter=Q(quantity__lt=0), default=0),
        worth=Sum("value", default=Decimal(0)),
    )
    return Totals(**found)


def undone_by(count: Count) -> Batch | None:
    """Return the batch that took a count's differences back as a whole, if one did."""
    return Batch.objects.filter(reverses=count.batch_id, reverses__isnull=False).first()


def header(count: Count) -> list[str]:
    """Return the columns of the count as a table."""
    said = [_("Line"), _("Location"), _("SKU"), _("Product"), _("Counted"), _("Who"), _("Time")]
    book = [_("Book at that moment"), _("Difference"), _("Moved until posting")]
    return said if _hides_book(count) else [*said, *book, _("Worth"), _("Transaction")]


def rows(count: Count) -> Iterator[list[object]]:
    """Yield every line of the count as a row of a table, as they are fetched."""
    last, lines = 0, lines_of(count, differing=False).order_by("number")
    while chunk := list(lines.filter(number__gt=last)[:CHUNK]):
        for each in explained(count, chunk):
            yield _said(each) + ([] if _hides_book(count) else _booked(each))
        last = chunk[-1].number


def _hides_book(count: Count) -> bool:
    """Tell whether somebody may still be counting who is not to know what the book says."""
    return count.is_blind and count.is_open


def _said(each: Explained) -> list[object]:
    level, latest = each.line.level, each.line.latest
    who = [str(latest.by), latest.at.isoformat(timespec="seconds")] if latest else [None, None]
    place = [each.line.number, level.location.code, level.product.sku, level.product.name]
    return [*place, each.counted, *who]


def _booked(each: Explained) -> list[object]:
    moved: int | None = getattr(each.line, "moved", None)
    transaction = each.posted and each.posted.pk
    return [each.book, each.difference, moved, each.worth, transaction]
