"""The only place that mints access tokens (a profile of RFC 9068) and recognises its own."""

import time
import uuid
from typing import Any

import jwt
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import salted_hmac

from identity_site.accounts.models import User

CLIENT_ID = "web"
# RFC 8176 has names of its own for how somebody proved who they are.
METHOD_NAMES = {"password": "pwd", "password_reset": "otp", "code": "otp"}


def mint(user: User, session: SessionBase) -> str:
    """Return a signed token that says who `user` is and what their role is; good for 15 minutes."""
    now = int(time.time())
    claims = {
        **_belonging(user, session),
        "iss": settings.TOKEN_ISSUER,
        "aud": settings.TOKEN_AUDIENCE,
        "client_id": CLIENT_ID,
        "iat": now,
        "nbf": now,
        "exp": now + settings.TOKEN_SECONDS,
        "jti": uuid.uuid4().hex,
        **_authentication(user, session),
    }
    key = settings.SIGNING_KEY
    return jwt.encode(
        claims, key.private, algorithm="RS256", headers={"kid": key.kid, "typ": "at+jwt"}
    )


def is_fresh(token: str, user: User, session: SessionBase) -> bool:
    """Tell whether `token` is ours, under five minutes old, and says what we would say now."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.SIGNING_KEY.private.public_key(),
            algorithms=["RS256"],
            audience=settings.TOKEN_AUDIENCE,
            issuer=settings.TOKEN_ISSUER,
            options={"require": ["iat", "exp"]},
        )
    except jwt.PyJWTError:
        return False
    wanted = _belonging(user, session)
    return (
        time.time() - claims["iat"] < settings.TOKEN_FRESH_SECONDS
        and {name: claims.get(name) for name in wanted} == wanted
    )


def public_session_id(session_key: str) -> str:
    """Name a session without giving away its key."""
    return salted_hmac("techstock.sid", session_key, algorithm="sha256").hexdigest()[:32]


def _belonging(user: User, session: SessionBase) -> dict[str, Any]:
    return {
        "sub": str(user.pk),
        "sid": public_session_id(session.session_key or ""),
        "roles": [user.role],
        "email": user.email,
        "name": user.name,
    }


def _authentication(user: User, session: SessionBase) -> dict[str, Any]:
    """Say when and how the person proved who they are."""
    proofs = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    signed_in = user.last_login or user.created_at
    methods = {METHOD_NAMES.get(proof["method"], proof["method"]) for proof in proofs}
    return {
        "auth_time": int(proofs[-1]["at"] if proofs else signed_in.timestamp()),
        "amr": sorted(methods),
    }
