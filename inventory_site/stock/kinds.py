"""The kinds of transaction: which sign each has, and what it asks for."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

OPENING = gettext_noop("Opening stock")
"""The reason of the receipt that opens a product's book: stored in English, shown translated."""

MAX_QUANTITY = 1_000_000
"""The most units one transaction moves; the database's CHECK says the same."""


class Kind(StrEnum):
    """What a line of the ledger is."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind.

    `sign` is that of its quantity: +1 in, -1 out, 0 either. `verb` is what the button says.
    """

    label: Promise
    verb: Promise
    sign: int
    needs_reason: bool


RULES: dict[Kind, Rule] = {
    Kind.RECEIPT: Rule(
        label=_("Receipt"),
        verb=_("Receive"),
        sign=+1,
        needs_reason=False,
    ),
    Kind.ISSUE: Rule(
        label=_("Issue"),
        verb=_("Issue"),
        sign=-1,
        needs_reason=False,
    ),
    Kind.ADJUSTMENT: Rule(
        label=_("Adjustment"),
        verb=_("Correct"),
        sign=0,
        needs_reason=True,
    ),
    Kind.REVERSAL: Rule(
        label=_("Reversal"),
        verb=_("Undo"),
        sign=0,
        needs_reason=False,
    ),
}
