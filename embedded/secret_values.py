"""The secrets of an installation: made once, kept in files that only their owner can read."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def kept(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Return the secret in the file `name`, made on first use (mode 0600)."""
    return kept_file(folder, name, make).read_text()


def kept_file(folder: Path, name: str, make: Callable[[], str]) -> Path:
    """Return the file `name` with a secret, made on first use (mode 0600)."""
    path = folder / name
    if not path.exists():
        unfinished = folder / f"{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        unfinished.rename(path)
    return path


def password() -> str:
    """Return a password nobody can guess, of 64 URL-safe characters."""
    return secrets.token_urlsafe(48)


def spoken_password() -> str:
    """Return a password that people can type: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def encryption_key() -> str:
    """Return a new Fernet key."""
    return Fernet.generate_key().decode()


def statement_key() -> str:
    """Return a new Ed25519 private key: 32 random bytes, in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def signing_key() -> str:
    """Return a new RSA private key of 3072 bits, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_keys(signing_key_pem: str) -> dict[str, list[dict[str, Any]]]:
    """Return the JWKS document (RFC 7517) of a private key; `kid` is its RFC 7638 thumbprint."""
    key = serialization.load_pem_private_key(signing_key_pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("The signing key is not an RSA key.")
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    essence = json.dumps({part: public[part] for part in ("e", "kty", "n")}, separators=(",", ":"))
    digest = hashlib.sha256(essence.encode()).digest()
    kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    jwk = {part: public[part] for part in ("kty", "n", "e")}
    return {"keys": [{**jwk, "kid": kid, "use": "sig", "alg": "RS256"}]}
