"""How long a session lasts: so long without use, and so long in any case."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

STARTED, USED = "started_at", "used_at"  # seconds since 1970, kept in the session itself
TOUCH_SECONDS = 60


def begin(session: SessionBase) -> None:
    """Start counting: somebody has just signed in."""
    session[STARTED] = session[USED] = int(time.time())


def touch(session: SessionBase) -> None:
    """Note that a session is used, at most once a minute."""
    now = int(time.time())
    if now - session.get(USED, 0) >= TOUCH_SECONDS:
        session[USED] = now


def is_over(session: SessionBase) -> bool:
    """Tell whether a session in which somebody is signed in is too old, or idle for too long.

    One that does not say when it began is over too.
    """
    if SESSION_KEY not in session:
        return False
    now = time.time()
    started: float = session.get(STARTED, 0)
    used: float = session.get(USED, 0)
    return (
        now - started >= settings.SESSION_TOTAL_SECONDS
        or now - used >= settings.SESSION_IDLE_SECONDS
    )
