"""The kinds of notice: what people and programs may ask to be told."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class NoticeKind(StrEnum):
    """What a notice is about; `docs/webhooks.md` shows what each carries."""

    OUT_OF_STOCK = "out_of_stock"
    LOW_STOCK = "low_stock"
    APPROVAL_WAITING = "approval_waiting"
    RESERVATION_EXPIRING = "reservation_expiring"
    VERIFICATION_FAILED = "verification_failed"
    TEST = "test"


LABELS = {
    NoticeKind.OUT_OF_STOCK: _("Out of stock"),
    NoticeKind.LOW_STOCK: _("Low stock"),
    NoticeKind.APPROVAL_WAITING: _("Approval waiting"),
    NoticeKind.RESERVATION_EXPIRING: _("Reservation about to expire"),
    NoticeKind.VERIFICATION_FAILED: _("Verification failed"),
    NoticeKind.TEST: _("Test"),
}
TOLD = tuple(kind for kind in NoticeKind if kind is not NoticeKind.TEST)
"""Every kind that somebody can ask for, the most pressing first; a test comes from its button."""
