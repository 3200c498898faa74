"""Erasure on request: what tells who somebody was goes, what they did stays."""

import json
from collections.abc import Iterator

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
from identity_site.accounts.people import keep_an_administrator
from identity_site.programs.models import PersonalToken
from identity_site.tokens.revocation import announce_erasure

NAME = "Former colleague"
ADDRESS = "{}@erased.invalid"  # where no mail can ever go (RFC 2606)


def erase(person: User, *, by: User) -> None:
    """Erase name, address and every means to sign in, for ever; the history keeps the bare id.

    Raises `ValidationError` for oneself, the last administrator, and whoever is erased already.
    """
    with acting(by):
        person = User.objects.select_for_update().get(pk=person.pk)
        keep_an_administrator(person, role=person.role, active=False)
        if person == by:
            raise ValidationError(_("Another administrator must erase you."))
        if person.erased_at is not None:
            raise ValidationError(_("This account is erased already."))
        for session in _sessions_that_name(person):
            session.delete()
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
        names = json.dumps(content, ensure_ascii=False).lower()
        if owner == str(person.pk) or (owner is None and person.email in names):
            yield session
