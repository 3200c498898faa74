"""Keeps the secrets of webhooks so that the database alone does not tell them.

They are sealed with a key made of `INVENTORY_SECRET_KEY`, so a new one makes them unreadable: then
every webhook needs a new secret, and its page says so. Answers that the API keeps, where a secret
may stand too, are sealed as well.
"""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """Our key does not open this text, or somebody has changed it."""


def new_secret() -> str:
    """Return a secret to share with a receiver: 256 random bits, marked as what it is."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def seal(text: str) -> str:
    """Return `text` encrypted and signed, as ASCII."""
    return _key().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Return what was sealed; raise `Unreadable` when our key does not open it."""
    try:
        return _key().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("sealed with another INVENTORY_SECRET_KEY") from error


def _key() -> Fernet:
    digest = salted_hmac("inventory_site.notices.sealing", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
