"""The kinds of transaction: which sign each has, what it asks for, and who may record it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from inventory_site.access.roles import Permission

OPENING = gettext_noop("Opening stock")
"""The reason of the receipt that opens a product's book: stored in English, shown translated."""

REASONS = (
    gettext_noop("Damaged"),
    gettext_noop("Lost"),
    gettext_noop("Stolen"),
    gettext_noop("Found"),
    gettext_noop("Worn out"),
    gettext_noop("Recorded wrongly"),
)
"""The reasons that the list of a new installation begins with; managers keep it from there."""

KNOWN_REASONS = frozenset({OPENING, *REASONS})
"""Reasons that are stored in English and shown translated."""

MAX_QUANTITY = 1_000_000
"""The most units one transaction moves; the database's CHECK says the same."""
MAX_REASON, MAX_REFERENCE, MAX_RECIPIENT = 200, 64, 120
"""The longest texts of a transaction, in characters; the database's CHECKs say the same."""


class Kind(StrEnum):
    """What a line of the ledger is."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"
    RETURN = "return"
    WRITE_OFF = "write_off"
    COUNT = "count"
    REVERSAL = "reversal"


class BatchKind(StrEnum):
    """What a batch is: the act that its lines belong to."""

    TRANSFER = "transfer"
    RECEIPT = "receipt"
    BULK = "bulk"
    IMPORT = "import"
    COUNT = "count"
    REVERSAL = "reversal"


BATCH_LABELS: dict[BatchKind, Promise] = {
    BatchKind.TRANSFER: _("Transfer"),
    BatchKind.RECEIPT: _("Receipt of goods"),
    BatchKind.BULK: _("Bulk action"),
    BatchKind.IMPORT: _("Import"),
    BatchKind.COUNT: _("Stock count"),
    BatchKind.REVERSAL: _("Undo"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind.

    `sign` is that of its quantity: +1 in, -1 out, 0 either. `verb` is what the button says.
    `fields` are what it may say beyond quantity, place, reason and reference; `permission` is what
    who records it must have. `needs_approval`: above the threshold, a second person looks first.
    The database's CHECKs say the same of sign, reason and fields; a test holds them together.
    """

    label: Promise
    verb: Promise
    sign: int
    needs_reason: bool = False
    fields: frozenset[str] = frozenset()
    permission: Permission = Permission.MOVE
    needs_approval: bool = False


RULES: dict[Kind, Rule] = {
    Kind.RECEIPT: Rule(
        label=_("Receipt"),
        verb=_("Receive"),
        sign=+1,
        fields=frozenset({"supplier", "unit_cost"}),
    ),
    Kind.ISSUE: Rule(
        label=_("Issue"),
        verb=_("Issue"),
        sign=-1,
        fields=frozenset({"recipient", "reservation"}),
    ),
    Kind.TRANSFER: Rule(label=_("Transfer"), verb=_("Transfer"), sign=0),
    Kind.ADJUSTMENT: Rule(
        label=_("Adjustment"),
        verb=_("Correct"),
        sign=0,
        needs_reason=True,
        needs_approval=True,
    ),
    Kind.RETURN: Rule(
        label=_("Return"),
        verb=_("Take back"),
        sign=+1,
        fields=frozenset({"recipient"}),
    ),
    Kind.WRITE_OFF: Rule(
        label=_("Write-off"),
        verb=_("Write off"),
        sign=-1,
        needs_reason=True,
        needs_approval=True,
    ),
    Kind.COUNT: Rule(label=_("Count"), verb=_("Count"), sign=0, permission=Permission.MANAGE),
    Kind.REVERSAL: Rule(label=_("Reversal"), verb=_("Undo"), sign=0),
}
