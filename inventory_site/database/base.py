"""Django's PostgreSQL backend, told by the socket whether a kept connection is still alive."""

from __future__ import annotations

import select
import time
from typing import Any

from django.db.backends.postgresql import base

PING_AFTER = 60.0
"""Seconds: load balancers forget connections that were idle for minutes, and say nothing of it."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks “are you there?” only where there is a reason to: that saves a request a round trip.

    A server that restarts, or that ends a connection, says so on the socket. One where nothing
    waits to be read has heard nothing of the kind, unless somebody between us and the server
    dropped it: so one that was long idle is looked into as Django does, like anything else.
    """

    _used_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and remember when."""
        self._used_at = time.monotonic()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Tell whether the connection can be used for the next request."""
        if self.connection is None or self.connection.closed:
            return False
        now = time.monotonic()
        was_idle, self._used_at = now - self._used_at > PING_AFTER, now
        if was_idle:
            return super().is_usable()
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
