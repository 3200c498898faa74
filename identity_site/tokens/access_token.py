"""The only place that mints access tokens (a profile of RFC 9068) and recognises its own."""

import json
import re
import time
import uuid
from base64 import urlsafe_b64encode
from typing import Any

import jwt
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac

from identity_site.accounts import second_factor
from identity_site.accounts.models import User
from identity_site.tokens import revocation
from identity_site.tokens.key_ring import ring

# RFC 8176 has names of its own for how somebody proved who they are.
METHOD_NAMES = {"password": "pwd", "password_reset": "otp", "code": "otp"}
Claims = dict[str, Any]
# What every access token of ours says, and of which kind that is.
REQUIRED: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("iss", "aud", "sub", "sid", "client_id", "jti", "email", "name"), (str,)),
    **dict.fromkeys(("nbf", "exp", "auth_time"), (int,)),
    **dict.fromkeys(("roles", "amr"), (list,)),
    "iat": (float, int),
}
LAST_SECOND = 2**40  # far beyond every clock, and within what a float can tell
SUBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SESSION = re.compile(r"[0-9a-f]{32}")


class NotEntitled(Exception):
    """Nobody may have a token for this person or session; the text says why."""


def mint(user: User, session: SessionBase, *, client_id: str = "web") -> str:
    """Return a signed token that says who `user` is and what their role is; good for 15 minutes.

    Raises `NotEntitled` when they left, when their password is no longer the one that the session
    began with, or when the session lacks the second factor that their role needs.
    """
    issued_at = _now()
    stored = _read(user)
    proved = session.get(HASH_SESSION_KEY, "")
    if not constant_time_compare(proved, stored.get_session_auth_hash()):
        raise NotEntitled("the session is from before a change of password")
    if second_factor.is_missing(stored, session):
        raise NotEntitled("the second factor is missing")
    claims = {**_belonging(stored, session), **_authentication(stored, session)}
    return _token(claims, client_id=client_id, issued_at=issued_at)


def mint_scoped(user: User, *, sid: str, client_id: str, scope: str, auth_time: int) -> str:
    """Return a token that may do only what is in `scope` (such as "read move") of `user`'s role.

    `sid` is what a later `revoke_session` names; `auth_time` (seconds since 1970) is when the
    person agreed. Raises `NotEntitled` when they left.
    """
    issued_at = _now()
    claims = {
        **_person(_read(user)),
        "sid": sid,
        "scope": scope,
        "auth_time": auth_time,
        "amr": [],
    }
    return _token(claims, client_id=client_id, issued_at=issued_at)


def user_of(token: str) -> User | None:
    """Return the active person for whom a token of ours speaks in full; None for any other token.

    For this site's own API. A token with a scope, as personal tokens get, is for inventory alone.
    """
    claims = verified_claims(token)
    if claims is None or "scope" in claims or revocation.is_revoked(claims):
        return None
    return User.objects.filter(pk=claims["sub"], is_active=True).first()


def is_fresh(token: str, user: User, session: SessionBase) -> bool:
    """Tell whether `token` is ours, under five minutes old, and says what we would say now."""
    claims = verified_claims(token)
    wanted = _belonging(user, session)
    return (
        claims is not None
        and time.time() - claims["iat"] < settings.TOKEN_FRESH_SECONDS
        and {name: claims.get(name) for name in wanted} == wanted
    )


def verified_claims(token: str) -> Claims | None:
    """Return what a token of ours says while it is good, else None.

    Stricter than the library, which lets odd tokens through: we know exactly what we write.
    """
    try:
        header = jwt.get_unverified_header(token)
        pair = ring.find(str(header.get("kid")))
        if pair is None or header != {"alg": "RS256", "typ": "at+jwt", "kid": pair.kid}:
            return None
        claims: Claims = jwt.decode(
            token,
            pair.public,
            algorithms=["RS256"],
            audience=settings.TOKEN_AUDIENCE,
            issuer=settings.TOKEN_ISSUER,
            options={"require": [*REQUIRED], "strict_aud": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        return None
    return claims if _is_as_minted(token, header, claims) else None


def _is_as_minted(token: str, header: Claims, claims: Claims) -> bool:
    """Tell whether a token is written as we write it, and its claims have the shapes we give them.

    So a name that stands twice, odd white space or another base64 cannot mean two things.
    """
    parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, claims))
    written = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    return (
        token.encode().rpartition(b".")[0] == written
        and claims.keys() - {"scope"} == REQUIRED.keys()
        and all(type(claims[name]) in kinds for name, kinds in REQUIRED.items())
        and SUBJECT.fullmatch(claims["sub"]) is not None
        and SESSION.fullmatch(claims["sid"]) is not None
        and claims["exp"] < LAST_SECOND
        and 0 < claims["exp"] - claims["iat"] <= settings.TOKEN_SECONDS
    )


def public_session_id(session_key: str) -> str:
    """Name a session without giving away its key."""
    return salted_hmac("techstock.sid", session_key, algorithm="sha256").hexdigest()[:32]


def sign(claims: Claims, *, typ: str) -> str:
    """Sign a token of the given type with the key that signs now."""
    pair = ring.signing()
    return jwt.encode(
        claims, pair.private, algorithm="RS256", headers={"kid": pair.kid, "typ": typ}
    )


def _now() -> float:
    """Return the time in whole milliseconds, rounded down: never later than what is read next."""
    return int(time.time() * 1000) / 1000


def _read(user: User) -> User:
    """Read somebody anew: since the request began they may have changed or left.

    Also, a form may have left changes on `user` that were never saved.
    """
    stored = User.objects.filter(pk=user.pk, is_active=True).first()
    if stored is None:
        raise NotEntitled("nobody active has this account")
    return stored


def _token(claims: Claims, *, client_id: str, issued_at: float) -> str:
    """Sign an access token. A cut-off that is stamped after a change catches older `issued_at`."""
    return sign(
        {
            **claims,
            "iss": settings.TOKEN_ISSUER,
            "aud": settings.TOKEN_AUDIENCE,
            "client_id": client_id,
            "iat": issued_at,
            "nbf": int(issued_at),
            "exp": int(issued_at) + settings.TOKEN_SECONDS,
            "jti": uuid.uuid4().hex,
        },
        typ="at+jwt",
    )


def _person(user: User) -> Claims:
    return {
        "sub": str(user.pk),
        "roles": [user.role],
        "email": user.email,
        "name": user.name,
    }


def _belonging(user: User, session: SessionBase) -> Claims:
    return {**_person(user), "sid": public_session_id(session.session_key or "")}


def _authentication(user: User, session: SessionBase) -> Claims:
    """Say when and how the person proved who they are."""
    proofs = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    signed_in = user.last_login or user.created_at
    methods = {METHOD_NAMES.get(proof["method"], proof["method"]) for proof in proofs}
    return {
        "auth_time": int(proofs[-1]["at"] if proofs else signed_in.timestamp()),
        "amr": sorted(methods),
    }
