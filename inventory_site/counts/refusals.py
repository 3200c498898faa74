"""What a stock count refuses, each with a sentence for people and a code for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from inventory_site.stock.refusals import KeyReused, Refusal, UnknownPlace


class CountClosed(Refusal):
    """The count was posted or cancelled before."""

    code = "count_closed"
    template = _("This count is closed: it takes nothing more.")


class UnknownLine(Refusal):
    """There is no such count, or no such line in it."""

    code = "unknown_line"
    template = _("That is not part of this count.")


class CountedTwice(Refusal):
    """One sending says two things of one line."""

    code = "counted_twice"
    template = _("The same product at the same place stands there twice.")


class NotAQuantity(Refusal):
    """What was counted would be less than none, or more than a line can hold."""

    code = "not_a_quantity"
    template = _("Count from 0 to 1,000,000 units; less than none cannot be there.")


class LinesInDoubt(Refusal):
    """Lines of which nobody can say whether their difference is one: `detail` is how many."""

    code = "lines_in_doubt"
    template = _("Nothing was posted. Lines to look at again first: %(detail)s.")


class LinesShort(Refusal):
    """The stock of today cannot give the differences of some lines: `detail` is how many."""

    code = "lines_short"
    template = _(
        "Nothing was posted. Lines that would leave less than none, or less than is reserved:"
        " %(detail)s."
    )


class UnknownCode(Refusal):
    """What was scanned is neither a product nor a place."""

    code = "unknown_code"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    @property
    def sentence(self) -> str:
        """What to tell the person, in their language."""
        return _("“%(text)s” is no product and no location.") % {"text": self.text}


class OutOfScope(UnknownCode):
    """What was scanned is known, but the count is not about it."""

    code = "out_of_scope"

    @property
    def sentence(self) -> str:
        """What to tell the person, in their language."""
        return _("“%(text)s” is not part of this count.") % {"text": self.text}


class LocationFirst(Refusal):
    """A product was scanned before its place."""

    code = "location_first"
    template = _("Scan the location first, then what lies there.")


REFUSALS: dict[str, type[Refusal]] = {
    "count_closed": CountClosed,
    "unknown_count": UnknownLine,
    "unknown_line": UnknownLine,
    "count_entry_seq": CountedTwice,
    "count_entry_key": CountedTwice,
    "count_entry_quantity": NotAQuantity,
    "count_entry_counted": NotAQuantity,
    "idempotency_key_reused": KeyReused,
    "unknown_place": UnknownPlace,
    "stock_level_product_id_fkey": UnknownPlace,
    "stock_level_location_id_fkey": UnknownPlace,
}
"""From the name of the constraint that refused."""


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the database refuses into a `Refusal`; an atomic block around it stays usable."""
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            yield
    except DatabaseError as error:
        diag = getattr(error.__cause__, "diag", None)
        refusal = REFUSALS.get(getattr(diag, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal from error
