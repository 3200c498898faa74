"""The RSA key that signs tokens, and its public half as others may see it."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

BITS = 3072


@dataclass(frozen=True)
class KeyPair:
    """A private key, and its public half under the name (`kid`) by which others know it."""

    private: rsa.RSAPrivateKey

    @cached_property
    def jwk(self) -> dict[str, str]:
        """The public half as a JSON Web Key (RFC 7517)."""
        return {**self._numbers, "kid": self.kid, "use": "sig", "alg": "RS256"}

    @cached_property
    def kid(self) -> str:
        """Its name, which is what it is (RFC 7638): SHA-256 over its sorted members, base64url."""
        essence = json.dumps(self._numbers, separators=(",", ":"), sort_keys=True)
        digest = hashlib.sha256(essence.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @cached_property
    def public(self) -> rsa.RSAPublicKey:
        """The half that verifies."""
        return self.private.public_key()

    @cached_property
    def _numbers(self) -> dict[str, str]:
        jwk = RSAAlgorithm.to_jwk(self.public, as_dict=True)
        return {part: jwk[part] for part in ("e", "kty", "n")}


def new_pem() -> str:
    """Make a private key, which takes part of a second, and return it as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@lru_cache(maxsize=8)
def load(pem: str) -> KeyPair:
    """Read a private key of our own making; checking its numbers takes a while, so once each."""
    private = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("A signing key is always an RSA key.")
    return KeyPair(private)
