"""Makes tokens: good ones, and such as no issuer would."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Variants = Iterator[tuple[str, str]]
"""Names and what is under them."""


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Issuer:
    """A private key, the name it is known under, and good claims: everything a token needs."""

    pem: str
    kid: str
    claims: dict[str, Any]
    typ: str = "at+jwt"

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        key = load_pem_private_key(self.pem.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    @cached_property
    def header(self) -> dict[str, Any]:
        return {"alg": "RS256", "typ": self.typ, "kid": self.kid}

    @cached_property
    def good(self) -> str:
        return self.token()

    def token(self, header: dict[str, Any] | None = None, /, **changes: Any) -> str:
        """Sign the good claims with some changed, or left out where the change is `...`."""
        return self.raw(self._with(self.header, header or {}), self._with(self.claims, changes))

    def raw(self, header: bytes, payload: bytes) -> str:
        """Sign any bytes as header and payload."""
        return self.parts(base64url(header), base64url(payload))

    def parts(self, header: str, payload: str) -> str:
        """Sign any texts as header and payload."""
        signature = self.key.sign(
            f"{header}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        return f"{header}.{payload}.{base64url(signature)}"

    @staticmethod
    def _with(good: dict[str, Any], changes: dict[str, Any]) -> bytes:
        return compact({name: v for name, v in {**good, **changes}.items() if v is not ...})
