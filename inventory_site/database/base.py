"""Django's PostgreSQL backend, told by the socket whether a kept connection is still alive."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks “are you there?” only where there is a reason to: that saves a request a round trip.

    A server that restarts, or that ends a connection, says so on the socket. One where nothing
    waits to be read has heard nothing of the kind; anything else is looked into as Django does.
    """

    def is_usable(self) -> bool:
        """Tell whether the connection can be used for the next request."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
