"""The identity site's public keys, as last published."""

import json
import logging
import threading
import time
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from jwt import PyJWK

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
"""How long an unknown key id waits: nobody can make us ask the issuer often."""


class KeyStore:
    """Public keys by key id, fetched when an unknown id comes along.

    Serving a request asks the issuer nothing as long as its key is known, and a fetch that fails
    leaves the last good ones.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, RSAPublicKey] = {}
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def get(self, kid: str) -> RSAPublicKey | None:
        """Return the key named `kid`, asking the issuer at most every `RETRY_SECONDS`."""
        if kid not in self._keys:
            self._refresh()
        return self._keys.get(kid)

    def ready(self) -> bool:
        """Tell whether there is any key to verify with."""
        if not self._keys:
            self._refresh()
        return bool(self._keys)

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._asked_at < (RETRY_SECONDS if self._keys else 1.0):
                return
            self._asked_at = time.monotonic()
            try:
                with urlopen(self._url, timeout=2) as answer:  # noqa: S310 (the URL is a setting)
                    published = json.load(answer)["keys"]
                usable = [jwk for jwk in published if jwk.get("kty") == "RSA"]
                found = {jwk["kid"]: PyJWK(jwk, algorithm="RS256").key for jwk in usable}
            except Exception as error:  # whatever an issuer may answer, the known keys stay good
                log.warning("could not read the public keys at %s: %s", self._url, error)
                return
            self._keys = found or self._keys


store = KeyStore(settings.JWKS_URL)
