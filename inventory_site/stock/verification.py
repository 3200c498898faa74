"""Proof: every balance and every hash derived again from the lines that explain them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection

from inventory_site.stock.models import Verification


def verify(*, incremental: bool = False, jobs: int = 1) -> Verification:
    """Verify the ledger as it stands, and keep the outcome.

    Everything; or, `incremental`, what came since it was last proven, that what was proven last is
    still there, and all that was suspect. Movements that go on meanwhile raise no false alarm.
    Faults name a line, a stock level and the like by its id. `verification.sql` does the work, and
    alone writes outcomes. `jobs` connections share it; call it outside atomic blocks, for it looks
    at part after part, each in a snapshot of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_verification(%s)", [incremental])
        run: UUID = cursor.fetchone()[0]
    with ThreadPoolExecutor(max(jobs - 1, 1)) as others:
        helpers = [others.submit(_help_with, run) for _ in range(jobs - 1)]
        _work_off(run)
        for helper in helpers:
            helper.result()
    return Verification.objects.raw("SELECT * FROM close_verification(%s)", [run])[0]


def _work_off(run: UUID) -> None:
    with connection.cursor() as cursor:
        is_more = True
        while is_more:
            cursor.execute("SELECT verify_part(%s)", [run])
            is_more = cursor.fetchone()[0]


def _help_with(run: UUID) -> None:
    try:
        _work_off(run)
    finally:
        connection.close()  # this thread's own


def latest() -> Verification | None:
    """Return the standing proof, or None before the first.

    The last one says it all, also when it was incremental: what was found before and is still
    there, it has found again.
    """
    newest = "SELECT * FROM stock_verification ORDER BY started_at DESC LIMIT 1"
    return next(iter(Verification.objects.raw(newest)), None)  # every dashboard asks: written once
