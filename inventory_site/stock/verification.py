"""Proof: every balance and every hash derived again from the lines that explain them."""

from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from inventory_site.stock.models import Verification

QUERY = (Path(__file__).parent / "verification.sql").read_text()


def verify() -> Verification:
    """Verify the whole ledger as it stands at this instant, and keep the outcome.

    Reads one statement's snapshot, so movements that go on meanwhile raise no false alarm. The
    first difference names a transaction or a stock level by its id.
    """
    started_at = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(QUERY)
        levels, transactions, differences, first_bad = cursor.fetchone()
    return Verification.objects.create(
        started_at=started_at,
        levels=levels,
        transactions=transactions,
        differences=differences,
        first_bad=first_bad,
    )


def latest() -> Verification | None:
    """Return the standing proof, or None before the first."""
    return Verification.objects.order_by("-started_at").first()
