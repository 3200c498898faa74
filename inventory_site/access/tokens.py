"""Access tokens in, people out (a profile of RFC 9068)."""

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt

from inventory_site.access import cut_offs
from inventory_site.access.models import Person
from inventory_site.access.roles import Permission, Role
from inventory_site.access.signed import (
    LEEWAY_SECONDS,
    BadToken,
    TokenOver,
    is_name,
    is_text,
    is_time,
    signer_of,
    verified_claims,
)

NEW_SECONDS = 30
REQUIRED = ["iss", "aud", "sub", "client_id", "exp", "iat", "nbf", "jti", "sid", "roles"]
REQUIRED += ["email", "name"]  # or a token without them would empty what is known of somebody
SCOPE = re.compile(r"[!#-\[\]-~]+( [!#-\[\]-~]+)*")  # RFC 6749, section 3.3
BEARER = re.compile(r"bearer +([\w.~+/-]+=*)", re.ASCII | re.IGNORECASE)  # RFC 6750, section 2.1


def _is_roles(value: Any) -> bool:
    return value in [[role.value] for role in Role]  # one, for roles are a ladder


def _is_scope(value: Any) -> bool:
    return is_text(value) and SCOPE.fullmatch(value) is not None


def _is_methods(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_name, value))


SHAPES: dict[str, Callable[[Any], bool]] = {
    "client_id": is_name,
    "email": is_text,
    "name": is_text,
    "roles": _is_roles,
    "scope": _is_scope,
    "auth_time": is_time,
    "amr": _is_methods,
}


def person_of(token: str) -> Person:
    """Return who a token speaks for, with the role and the scope it carries.

    Raises `TokenOver` for one that has expired or was withdrawn, else `BadToken` for one that is
    not good. Costs no call to the issuer while its key is known, and a query once a second.
    """
    claims = _claims(token, signer_of(token, typ="at+jwt"))
    if claims["exp"] <= time.time() - LEEWAY_SECONDS:
        raise TokenOver("expired")
    if cut_offs.known.withdraws(sub=claims["sub"], sid=claims["sid"], iat=claims["iat"]):
        raise TokenOver("withdrawn")
    person = Person(id=UUID(claims["sub"]), email=claims["email"], name=claims["name"][:150])
    person.role = Role(claims["roles"][0])
    if "scope" in claims:  # words that are not ours ask for nothing here
        words = set(claims["scope"].split(" "))
        person.scope = frozenset(right for right in Permission if right.value in words)
    return person


@lru_cache(maxsize=512)
def _claims(token: str, key: jwt.PyJWK) -> dict[str, Any]:
    """Verify a token once for all the requests it comes with.

    It stays what it is; what time and the issuer change (its end, a withdrawal, a key that is no
    longer published) is looked at each time. Refusals are raised, and so never kept.
    """
    return verified_claims(token, key, required=REQUIRED, shapes=SHAPES)


def claims_to_be_new(token: str) -> bool:
    """Tell whether a token says, true or not, that it was made within `NEW_SECONDS`, or later."""
    try:
        issued_at: float = jwt.decode(token, options={"verify_signature": False})["iat"]
        return issued_at > time.time() - NEW_SECONDS
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, RecursionError):
        return False


def bearer_of(authorization: str) -> Person:
    """Return who an `Authorization` header speaks for; raise `BadToken` as `person_of` does.

    Its scheme must be Bearer, in any case, with one token and nothing else.
    """
    found = BEARER.fullmatch(authorization)
    if found is None:
        raise BadToken("no bearer token")
    return person_of(found.group(1))
