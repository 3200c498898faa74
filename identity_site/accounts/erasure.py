"""Erasure on request: what tells who somebody was goes, what they did stays."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from identity_site.accounts.acting import acting
from identity_site.accounts.models import Invitation, User
from identity_site.accounts.people import keep_an_administrator, locked
from identity_site.programs.models import PersonalToken
from identity_site.tokens.revocation import announce_erasure

NAME = "Former colleague"
ADDRESS = "{}@erased.invalid"  # where no mail can ever go (RFC 2606)


def erase(person: User, *, by: User) -> None:
    """Erase name, address and every means to sign in, for ever; the history keeps the bare id.

    Raises `ValidationError` for oneself, the last administrator, and whoever is erased already.
    """
    with acting(by):
        person = locked(person)
        keep_an_administrator(person, role=person.role, active=False)
        if person == by:
            raise ValidationError(_("Another administrator must erase you."))
        if person.erased_at is not None:
            raise ValidationError(_("This account is erased already."))
        for session in _sessions_that_name(person):
            session.delete()
        _forget_suspended_forms(person)
        for belonging in (UserSession, Authenticator, EmailAddress):
            belonging.objects.filter(user=person).delete()
        PersonalToken.objects.filter(owner=person).delete()
        Invitation.objects.filter(person=person).delete()
        person.name, person.email = NAME, ADDRESS.format(person.pk)
        person.language, person.last_login = "", None
        person.set_unusable_password()
        person.is_active, person.erased_at = False, timezone.now()
        person.save()
        announce_erasure(person.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT scrub_admin_log(%s)", [person.pk])


def _sessions_that_name(person: User) -> Iterator[Session]:
    """Find theirs, and those of nobody that hold their address, as while resetting a password.

    Looks into each: what a session holds is not searchable.
    """
    for session in Session.objects.iterator():
        content = session.get_decoded()
        owner = content.get(SESSION_KEY)
        if owner == str(person.pk) or (owner is None and _holds(content, person.email)):
            yield session


def _forget_suspended_forms(person: User) -> None:
    """Drop what administrators sent about them, and never went on with by proving who they are."""
    for session in Session.objects.iterator():
        content = session.get_decoded()
        form = content.pop(STATE_SESSION_KEY, None)
        if _holds(form, person.email, str(person.pk), person.name):
            row = Session.objects.filter(pk=session.pk)
            row.update(session_data=Session.objects.encode(content))


def _holds(content: Any, *traces: str) -> bool:
    """Tell whether any of `traces` is there, also as browsers encode it in forms and addresses."""
    text = json.dumps(content, ensure_ascii=False).lower()
    both = (text, unquote_plus(text))
    return any(trace.lower() in each for trace in traces for each in both)
