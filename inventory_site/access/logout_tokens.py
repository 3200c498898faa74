"""Logout tokens: how the identity site says that tokens are void before they expire.

Source: OpenID Connect Back-Channel Logout 1.0, section 2.4; the erasure event is ours.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inventory_site.access.signed import (
    LEEWAY_SECONDS,
    BadToken,
    is_time,
    signer_of,
    verified_claims,
)

REQUIRED = ["iss", "aud", "iat", "exp", "jti", "events"]
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
ERASURE = "urn:techstock:event:erasure"


@dataclass(frozen=True, kw_only=True)
class LogoutNotice:
    """What is void: every token of a session (`sid`), or those of a person issued `before`.

    `before` is in seconds since 1970. `is_erasure`: that person's name and address go as well.
    """

    sub: str
    sid: str
    before: float
    is_erasure: bool

    @property
    def name(self) -> str:
        """What is cut off. A session's notice leaves the same person's other sessions alone."""
        whole = not self.sid or self.is_erasure
        return f"sub:{self.sub}" if whole else f"sid:{self.sid}"


def _is_events(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get(LOGOUT), dict):
        return False
    before = value[LOGOUT].get("before")
    # One in the future would lock somebody out, and be from a clock that is no use here anyway.
    is_past = is_time(before) and before <= time.time() + LEEWAY_SECONDS
    return is_past and isinstance(value.get(ERASURE, {}), dict)


SHAPES: dict[str, Callable[[Any], bool]] = {"events": _is_events}


def notice_of(token: str) -> LogoutNotice:
    """Return what a logout token announces; raise `BadToken` if it is not good."""
    key = signer_of(token, typ="logout+jwt")
    claims = verified_claims(token, key, required=REQUIRED, shapes=SHAPES)
    if "nonce" in claims:
        raise BadToken("an ID token in disguise")
    sub, sid = claims.get("sub", ""), claims.get("sid", "")
    is_erasure = ERASURE in claims["events"]
    if not sub and (is_erasure or not sid):
        raise BadToken("about nobody")
    before = float(claims["events"][LOGOUT]["before"])
    return LogoutNotice(sub=sub, sid=sid, before=before, is_erasure=is_erasure)
