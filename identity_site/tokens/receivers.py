"""Notices sessions that begin and end, in whatever way they do."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from identity_site.tokens import session_limits
from identity_site.tokens.access_token import public_session_id
from identity_site.tokens.revocation import revoke_session


@receiver(user_logged_in)
def begin(request: HttpRequest, **_kwargs: Any) -> None:
    """Start counting how long the session lasts."""
    session_limits.begin(request.session)


@receiver(post_delete, sender=Session)
def void_tokens(instance: Session, **_kwargs: Any) -> None:
    """Void the tokens of a session in which somebody was signed in.

    Those of one that expired long ago, which the worker sweeps away, have expired themselves.
    """
    if instance.expire_date > timezone.now() and SESSION_KEY in instance.get_decoded():
        revoke_session(public_session_id(instance.session_key))
