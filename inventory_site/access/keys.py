"""The identity site's public keys, as last published."""

import json
import logging
import threading
import time
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.db import connection
from jwt import PyJWK

from inventory_site.access.models import PublishedKeys

log = logging.getLogger(__name__)

REFRESH_SECONDS = 60.0
"""How old the keys may be before they are asked for again, behind the request that finds it."""
IDLE_SECONDS = 120.0
"""After so long without asking, the keys may have changed: then a request waits for the answer."""
RETRY_SECONDS = 10.0
"""How long a failed attempt, or an unknown key id, waits: nobody can make us ask often."""
ANSWER_SECONDS = 2.0
MAX_BYTES = 65_536
MINIMUM_BITS = 2048
MEMBERS = ("kty", "n", "e", "kid", "use", "alg")


class KeyStore:
    """Public keys by key id. The last good set stays good for ever, also over a restart.

    It is kept in the database, so that a process can start while the issuer is down. A key that is
    no longer published is forgotten at the next good answer. A request asks the issuer itself only
    after `IDLE_SECONDS`, or for a key id that nobody knows, and that at most every
    `RETRY_SECONDS` in each process.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, PyJWK] = {}
        self._kept: Any = None  # what the database holds, as far as this process knows
        self._search_at = self._refresh_at = float("-inf")  # not before then
        self._asked_at = float("inf")  # the last time, once there was one
        self._searching, self._noting = threading.Lock(), threading.Lock()

    def get(self, kid: str) -> PyJWK | None:
        """Return the key named `kid`."""
        if kid not in self._keys:
            self._search(kid)
        found = self._keys.get(kid)
        if self._claim_refresh():
            if time.monotonic() - self._asked_at > IDLE_SECONDS:
                self._refresh()
                return self._keys.get(kid)
            threading.Thread(target=self._refresh_behind, daemon=True).start()
        return found

    def ready(self) -> bool:
        """Tell whether there is any key to verify with."""
        if not self._keys:
            self._search("")
        return bool(self._keys)

    def _search(self, kid: str) -> None:
        with self._searching:
            if kid in self._keys or time.monotonic() < self._search_at:
                return
            if not self._keys:
                self._recall()
            if kid not in self._keys:
                self._refresh()
            if kid not in self._keys:  # only a search in vain makes the next one wait
                self._search_at = time.monotonic() + (RETRY_SECONDS if self._keys else 1.0)

    def _claim_refresh(self) -> bool:
        if time.monotonic() < self._refresh_at:
            return False
        with self._noting:  # one of those who come at the same time
            if time.monotonic() < self._refresh_at:
                return False
            self._refresh_at = time.monotonic() + RETRY_SECONDS
            return True

    def _refresh_behind(self) -> None:
        try:
            self._refresh()
        finally:
            connection.close()  # this thread's own

    def _refresh(self) -> None:
        self._asked_at = time.monotonic()
        self._refresh_at = self._asked_at + RETRY_SECONDS
        try:
            with urlopen(self._url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 (a setting)
                text = answer.read(MAX_BYTES + 1)
            if len(text) > MAX_BYTES:
                raise ValueError(f"more than {MAX_BYTES} bytes")
            published = _usable(json.loads(text))
            self._keys = _by_id(published)
        except Exception as error:  # whatever an issuer may answer, the known keys stay good
            log.warning("could not read the public keys at %s: %s", self._url, error)
            return
        self._refresh_at = time.monotonic() + REFRESH_SECONDS
        self._keep(published)

    def _recall(self) -> None:
        try:
            self._kept = PublishedKeys.objects.values_list("document", flat=True).first()
            if self._kept is not None:
                self._keys = _by_id(_usable(self._kept))
        except Exception as error:  # the issuer may still tell
            log.warning("could not read the public keys that were kept: %s", error)

    def _keep(self, published: dict[str, Any]) -> None:
        if published == self._kept:
            return
        try:
            PublishedKeys.objects.bulk_create(
                [PublishedKeys(document=published)],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["document"],
            )
            self._kept = published
        except Exception as error:  # they are known here, and kept the next time
            log.warning("could not keep the public keys: %s", error)


def _usable(document: dict[str, Any]) -> dict[str, Any]:
    """Return of a JSON Web Key Set the RSA keys that sign, without what we have no use for."""
    keys = [
        {name: jwk[name] for name in MEMBERS if name in jwk}
        for jwk in document["keys"]
        if jwk["kty"] == "RSA" and jwk.get("use") in {None, "sig"}
    ]
    return {"keys": keys}


def _by_id(document: dict[str, Any]) -> dict[str, PyJWK]:
    """Read the keys; any error means that the set is none to trust."""
    found = {str(jwk["kid"]): PyJWK(jwk, algorithm="RS256") for jwk in document["keys"]}
    if not found or any(jwk.key.key_size < MINIMUM_BITS for jwk in found.values()):
        raise ValueError("no key, or one that is too short")
    return found


store = KeyStore(settings.JWKS_URL)
