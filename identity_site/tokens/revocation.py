"""Voids tokens that were already handed out: here at once, at the inventory site by a notice.

Call these in the atomic block of what they follow from; the worker hears of it at its commit.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from identity_site.tokens.models import LogoutNotice


def revoke_session(sid: str) -> None:
    """Void every token of a session, which is named as in the token."""
    LogoutNotice.objects.create(sid=sid)


def revoke_person(user_id: UUID) -> None:
    """Void every token that somebody holds now."""
    LogoutNotice.objects.create(sub=user_id)


def announce_erasure(user_id: UUID) -> None:
    """Void every token of somebody, and have the inventory site forget their name and address."""
    LogoutNotice.objects.create(sub=user_id, is_erasure=True)


def is_revoked(claims: dict[str, Any]) -> bool:
    """Tell whether a token of ours was voided after it was issued."""
    issued_at = datetime.fromtimestamp(claims["iat"], UTC)
    notices = LogoutNotice.objects.alias(since=Coalesce("cut_off_at", "created_at"))
    return notices.filter(Q(sid=claims["sid"]) | Q(sub=claims["sub"], since__gt=issued_at)).exists()


def is_under_way(user_id: UUID, *, since: float) -> bool:
    """Tell whether a cut-off for somebody is, or will be, later than `since` (seconds since 1970).

    So it is in the moments after a change of role or password: a token minted now is void soon.
    """
    moment = datetime.fromtimestamp(since, UTC)
    to_come = Q(cut_off_at=None) | Q(cut_off_at__gt=moment)
    return LogoutNotice.objects.in_time().filter(to_come, sub=user_id).exists()
