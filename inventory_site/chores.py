"""What the site does without being asked: every chore of the worker, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from django.db import connection
from django.utils import timezone

from inventory_site.api import keys, rates
from inventory_site.imports import queue
from inventory_site.notices import delivery, digest, expiry
from inventory_site.stock import past, reservations, verification

VERIFIED_EVERY = timedelta(days=1)
NEWS_VERIFIED_EVERY = timedelta(minutes=5)

type Work = Callable[[Event], object]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again `seconds` after it was last done.

    `work` ends when there is nothing left to do, or soon after the event that it is given is set.
    It brings its own atomic blocks. Where there is one worker too many, it does no harm.
    """

    name: str
    seconds: float
    work: Work
    is_woken: bool = False  # whether a new delivery wakes it before its time


def repeated(work: Callable[[], object]) -> Work:
    """Make a chore of `work`: repeated while it returns True, by several workers if they meet."""

    def chore(stopping: Event) -> None:
        while work() is True and not stopping.is_set():
            pass

    return chore


def alone(work: Callable[[], object]) -> Work:
    """Make a chore of `work`: repeated while it returns True, by one worker at a time.

    The lock is the session's, not an atomic block's, so that `work` may commit as it goes; it is
    free again when the process is gone. The worker needs a session of its own anyway, to LISTEN.
    """
    name = f"chore {work.__module__}.{work.__qualname__}"

    def chore(stopping: Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            if cursor.fetchone() != (True,):
                return  # another worker is at it
            try:
                repeated(work)(stopping)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])

    return chore


def fold_tally() -> None:
    """Keep the rows that the tiles add up few (`stock/guards.sql`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold_tally()")


def verify_when_due() -> None:
    """Verify the whole ledger once a day and what is new every few minutes.

    The last proofs tell when, however often a worker is started.
    """
    now, last = timezone.now(), verification.latest()
    if last is None or last.full_at is None or last.full_at < now - VERIFIED_EVERY:
        verification.verify()
    elif last.started_at < now - NEWS_VERIFIED_EVERY:
        verification.verify(incremental=True)


CHORES = (
    Chore("deliver webhooks", 2, delivery.deliver_due, is_woken=True),
    Chore("work off imports", 1, repeated(queue.work_one)),
    Chore("mail the digest", 30, alone(digest.send_due)),
    Chore("let reservations expire", 60, alone(reservations.expire)),
    Chore("tell of reservations about to expire", 300, alone(expiry.tell_of_expiring)),
    Chore("fold the tally", 60, alone(fold_tally)),
    Chore("keep the past", 60, alone(past.take_snapshot_if_due)),
    Chore("verify the ledger", 60, alone(verify_when_due)),
    Chore("forget old notices", 3600, alone(delivery.forget_old)),
    Chore("forget kept answers", 3600, alone(keys.forget_old)),
    Chore("forget who has not called", 3600, alone(rates.forget_old)),
)
