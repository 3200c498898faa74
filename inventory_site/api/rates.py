"""How much somebody may ask for in a minute, counted for all workers together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from inventory_site.api.authentication import person_of

# One row a person. Whoever waited for it past the end of a minute counts in the minute that is.
_SPEND = """
INSERT INTO api_rate AS r (person_id, minute, used) VALUES (%s, date_trunc('minute', now()), 1)
    ON CONFLICT (person_id) DO UPDATE SET
       used = CASE WHEN r.minute < excluded.minute THEN 1 ELSE r.used + 1 END,
       minute = greatest(r.minute, excluded.minute)
RETURNING used, ceil(extract(epoch FROM minute + interval '1 minute' - now()))::integer
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute's requests; `reset` is in seconds from now."""

    limit: int
    used: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The allowance as headers of an answer."""
        left = max(0, self.limit - self.used)
        named = {"Limit": self.limit, "Remaining": left, "Reset": self.reset}
        return {f"RateLimit-{name}": str(value) for name, value in named.items()}


def spend(person_id: UUID) -> Allowance:
    """Count a request, and return what is left."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [person_id])
        used, reset = cursor.fetchone()
    return Allowance(settings.API_REQUESTS_PER_MINUTE, used, max(1, reset))


def forget_old() -> None:
    """Delete who has not asked for anything for a while."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_rate WHERE minute < now() - interval '1 hour'")


class PerPerson(BaseThrottle):
    """Refuses more than `API_REQUESTS_PER_MINUTE` of one person, whatever tokens they hold."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request and leave the allowance on the view, for its answer's headers."""
        self.allowance = view.allowance = spend(person_of(request).id)
        return self.allowance.used <= self.allowance.limit

    def wait(self) -> float:
        """Return for how many seconds to wait."""
        return self.allowance.reset
