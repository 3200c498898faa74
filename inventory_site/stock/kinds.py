"""The kinds of transaction: which sign each has, what it asks for, and who may record it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from inventory_site.access.roles import Permission

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

    `sign` is that of its quantity: +1 in, -1 out, 0 either. `verb` is what the button says,
    `meaning` what the glossary says.
    """

    label: Promise
    verb: Promise
    meaning: Promise
    sign: int
    needs_reason: bool
    permission: Permission


RULES: dict[Kind, Rule] = {
    Kind.RECEIPT: Rule(
        label=_("Receipt"),
        verb=_("Receive"),
        meaning=_("Units come in: bought, found, or there when the book was opened."),
        sign=+1,
        needs_reason=False,
        permission=Permission.MOVE,
    ),
    Kind.ISSUE: Rule(
        label=_("Issue"),
        verb=_("Issue"),
        meaning=_("Units go out: to a person, a department or a job."),
        sign=-1,
        needs_reason=False,
        permission=Permission.MOVE,
    ),
    Kind.ADJUSTMENT: Rule(
        label=_("Adjustment"),
        verb=_("Correct"),
        meaning=_("The book is brought into line with what is on the shelf."),
        sign=0,
        needs_reason=True,
        permission=Permission.MOVE,
    ),
    Kind.REVERSAL: Rule(
        label=_("Reversal"),
        verb=_("Undo"),
        meaning=_("An earlier transaction is taken back; both stay in the history."),
        sign=0,
        needs_reason=False,
        permission=Permission.MOVE,
    ),
}
