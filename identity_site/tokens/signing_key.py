"""The RSA key that signs access tokens, and its public half as others may see it."""

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import RSAAlgorithm

MINIMUM_BITS = 3072


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name (`kid`) under which its public half is published."""

    private: RSAPrivateKey
    kid: str

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as a JSON Web Key (RFC 7517)."""
        return {**_public_numbers(self.private), "kid": self.kid, "use": "sig", "alg": "RS256"}


def load_signing_key(pem: str) -> SigningKey:
    """Read a PEM private key; raise `ImproperlyConfigured` unless it is RSA of 3072 bits."""
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured("IDENTITY_SIGNING_KEY must be a PEM private key.") from error
    if not isinstance(private, RSAPrivateKey) or private.key_size < MINIMUM_BITS:
        raise ImproperlyConfigured(
            f"IDENTITY_SIGNING_KEY must be an RSA key of at least {MINIMUM_BITS} bits."
        )
    return SigningKey(private=private, kid=_thumbprint(_public_numbers(private)))


def _public_numbers(private: RSAPrivateKey) -> dict[str, str]:
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {part: jwk[part] for part in ("e", "kty", "n")}


def _thumbprint(public: dict[str, str]) -> str:
    """Name a key by what it is (RFC 7638): SHA-256 over its members in lexical order, base64url."""
    essence = json.dumps(public, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(essence.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
