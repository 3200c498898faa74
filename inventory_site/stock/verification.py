"""Proof: every balance and every hash derived again from the lines that explain them."""

from inventory_site.stock.models import Verification


def verify() -> Verification:
    """Verify the whole ledger as it stands at this instant, and keep the outcome.

    Movements that go on meanwhile raise no false alarm. The first difference names a transaction
    or a stock level by its id. `verification.sql` does the work, and alone writes outcomes.
    """
    return Verification.objects.raw("SELECT * FROM verify_ledger()")[0]


def latest() -> Verification | None:
    """Return the standing proof, or None before the first."""
    return Verification.objects.order_by("-started_at").first()
