"""The keys of the database, as a process sees them: read again every two seconds."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from identity_site.sealing import Unreadable, seal, unseal
from identity_site.tokens import signing_key
from identity_site.tokens.models import SigningKey
from identity_site.tokens.signing_key import KeyPair

CACHE_SECONDS = 2
# Whoever makes or retires keys holds this lock (any number will do, as long as it is one).
ADVISORY_LOCK = 7_453_001


class KeyUnreadable(Exception):
    """A key that is still needed cannot be unsealed; the text says which."""


@dataclass(frozen=True)
class RingKey:
    """A key that has not retired, unsealed."""

    pair: KeyPair
    activates_at: datetime
    retires_at: datetime | None

    def is_published(self, now: datetime) -> bool:
        """Tell whether others may verify with it."""
        return self.retires_at is None or now < self.retires_at

    def may_sign(self, now: datetime) -> bool:
        """Tell whether it is published and active."""
        return self.is_published(now) and self.activates_at <= now


class KeyRing:
    """All keys that have not retired. Where none can sign, one is made."""

    def __init__(self) -> None:
        self._keys: list[RingKey] = []
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def signing(self) -> KeyPair:
        """Return the key that signs now; raise `KeyUnreadable` when one cannot be unsealed."""
        usable = self._usable()
        if not usable:
            _make_first_key()
            self.forget()
            usable = self._usable()
        return usable[-1].pair

    def published(self) -> list[KeyPair]:
        """Return every key that verifies, also those that will sign later."""
        self.signing()  # so that there is one
        now = timezone.now()
        return [key.pair for key in self._current() if key.is_published(now)]

    def find(self, kid: str) -> KeyPair | None:
        """Return the published key of that name."""
        return next((pair for pair in self.published() if pair.kid == kid), None)

    def forget(self) -> None:
        """Read the database anew next time."""
        self._read_at = float("-inf")

    def _usable(self) -> list[RingKey]:
        now = timezone.now()
        return [key for key in self._current() if key.may_sign(now)]

    def _current(self) -> list[RingKey]:
        with self._lock:
            if time.monotonic() - self._read_at >= CACHE_SECONDS:
                self._keys = _read(timezone.now())
                self._read_at = time.monotonic()
            return self._keys


def _read(now: datetime) -> list[RingKey]:
    """Unseal every key that has not retired, in the order in which they sign."""
    keys = []
    for row in SigningKey.objects.living(now):
        try:
            pair = signing_key.load(unseal(row.sealed))
        except Unreadable as error:
            raise KeyUnreadable(f"the signing key {row.kid}: {error}") from error
        keys.append(RingKey(pair, row.activates_at, row.retires_at))
    return keys


def _make_first_key() -> None:
    """Make a key that signs at once, unless another process just did."""
    with transaction.atomic():
        lock_keys()
        now = timezone.now()
        if not any(key.may_sign(now) for key in _read(now)):
            save_key(signing_key.new_pem(), activates_at=now)


def lock_keys() -> None:
    """Wait for everybody else who makes or retires keys, until the end of the atomic block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def save_key(pem: str, *, activates_at: datetime) -> None:
    """Store a new key, sealed; every process publishes it within `CACHE_SECONDS`."""
    SigningKey.objects.create(
        kid=signing_key.load(pem).kid, sealed=seal(pem), activates_at=activates_at
    )


ring = KeyRing()
