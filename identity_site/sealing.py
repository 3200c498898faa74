"""Seals what must be stored but never be readable from the database alone.

The keys are those of `IDENTITY_ENCRYPTION_KEYS`: the first one seals, every one of them unseals.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """None of our encryption keys opens this text, or somebody has changed it."""


def seal(text: str) -> str:
    """Return `text` encrypted and signed, as ASCII."""
    return _keys().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Return what was sealed; raise `Unreadable` when none of our keys opens it."""
    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("no key of IDENTITY_ENCRYPTION_KEYS opens it") from error


def reseal(text: str) -> str:
    """Return the same secret sealed with the first key; raise `Unreadable` as `unseal` does."""
    try:
        return _keys().rotate(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("no key of IDENTITY_ENCRYPTION_KEYS opens it") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
