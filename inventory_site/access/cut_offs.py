"""Which tokens were withdrawn before they expired, as the identity site announced."""

import logging
import threading
import time

from django.db import Error, connection, transaction

from inventory_site.access.logout_tokens import LogoutNotice
from inventory_site.access.models import CutOff
from inventory_site.access.signed import LEEWAY_SECONDS, LIFE_SECONDS

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long a process goes without looking: a withdrawn token lives no longer than that."""
KEPT_SECONDS = LIFE_SECONDS + 2 * LEEWAY_SECONDS
"""How long after a cut-off a token from before it could still be good."""


class Known:
    """The cut-offs as one process knows them: one query a second however many ask, not one each."""

    def __init__(self) -> None:
        self._before: dict[str, float] = {}
        self._was_read = False
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def withdraws(self, *, sub: str, sid: str, iat: float) -> bool:
        """Tell whether a token with these claims was withdrawn.

        Goes by what was last known when the database does not answer; where nothing was ever
        known, its error is raised, because nobody can be let in on a guess.
        """
        before = self._current()
        return f"sid:{sid}" in before or iat < before.get(f"sub:{sub}", 0.0)

    def forget(self) -> None:
        """Look again next time."""
        self._read_at = float("-inf")

    def _current(self) -> dict[str, float]:
        since = time.monotonic() - FRESH_SECONDS
        if self._read_at < since:
            with self._lock:  # everybody waits for one who looks: a stale answer lets people in
                if self._read_at < since:
                    self._read()
        return self._before

    def _read(self) -> None:
        now = time.monotonic()
        try:
            self._before = dict(CutOff.objects.values_list("name", "before"))
            self._was_read = True
        except Error as error:
            if not self._was_read:
                raise
            log.error("could not read which tokens were withdrawn: %s", error)
        self._read_at = now


known = Known()


def write(notice: LogoutNotice) -> None:
    """Withdraw the tokens that a notice is about, and forget a person where it says so.

    A notice that comes twice, late, or after a later one changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        CutOff.objects.filter(before__lt=time.time() - KEPT_SECONDS).delete()
        cursor.execute(
            "INSERT INTO access_cutoff (name, before, is_erasure) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET"
            " before = greatest(access_cutoff.before, excluded.before),"
            " is_erasure = access_cutoff.is_erasure OR excluded.is_erasure",
            [notice.name, notice.before, notice.is_erasure],
        )
        if notice.is_erasure:
            cursor.execute("SELECT erase_person(%s)", [notice.sub])
    known.forget()
