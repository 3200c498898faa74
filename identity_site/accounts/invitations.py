"""Invitations: an administrator names somebody, and a mailed link lets them begin."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from identity_site.accounts.acting import acting, record
from identity_site.accounts.letters import send_letter
from identity_site.accounts.models import Invitation, User, What
from identity_site.accounts.roles import Role

GOOD_FOR = timedelta(days=7)


def invite(*, name: str, email: str, role: Role, language: str, by: User) -> User:
    """Make somebody without a password and mail them a link to choose one.

    Raises `ValidationError` when the address is somebody's already, or the mail cannot be sent.
    """
    try:
        with acting(by):
            person = User.objects.create_user(email, name=name, role=role, language=language)
            EmailAddress.objects.create(user=person, email=person.email, primary=True)
            _send(person, by)
    except IntegrityError as error:  # the address was taken in the same moment
        raise ValidationError(_("There is an account with this address already.")) from error
    return person


def invite_again(person: User, *, by: User) -> None:
    """Mail a new link, whereupon the one before is dead; somebody deactivated becomes active.

    Raises `ValidationError` for somebody who has begun, or when the mail cannot be sent.
    """
    _refuse_unless_pending(person)
    with acting(by):
        if not person.is_active:
            person.is_active = True
            person.save(update_fields=["is_active"])
        record(person, What.INVITED)
        _send(person, by)


def withdraw(person: User, *, by: User) -> None:
    """Let the link die, and the account be closed to whoever reads that mail.

    Raises `ValidationError` for somebody who has begun.
    """
    _refuse_unless_pending(person)
    with acting(by):
        Invitation.objects.filter(person=person).delete()
        record(person, What.WITHDRAWN)
        User.objects.filter(pk=person.pk).update(is_active=False)


def is_pending(person: User) -> bool:
    """Tell whether somebody was invited, or made, and has never begun."""
    has_begun = person.last_login is not None or person.has_usable_password()
    return not has_begun and person.erased_at is None


def refuse_who_never_began(person: User) -> None:
    """Refuse to activate somebody whose invitation was withdrawn: nobody could use the account."""
    if is_pending(person) and not Invitation.objects.filter(person=person).exists():
        raise ValidationError(
            _("%(name)s has never begun. Send the invitation again instead."),
            params={"name": person},
        )


def invited_by(token: str) -> User | None:
    """Return whom a link invites; nobody when it is dead: used, too old, sent anew or withdrawn."""
    invitation = (
        Invitation.objects.select_related("person")
        .filter(digest=_digest(token), sent_at__gt=timezone.now() - GOOD_FOR)
        .filter(person__is_active=True)
        .first()
    )
    return invitation.person if invitation and is_pending(invitation.person) else None


@transaction.atomic
def accept(token: str, password: str) -> User | None:
    """Give whom the link invites this password, and take their address for proved; works once."""
    list(Invitation.objects.select_for_update().filter(digest=_digest(token)))
    person = invited_by(token)
    if person is None:
        return None
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.filter(user=person, email=person.email).update(verified=True)
    Invitation.objects.filter(person=person).delete()
    return person


@receiver(user_logged_in)
def forget(user: User, **_kwargs: Any) -> None:
    """End the invitation of somebody who is in, also by a code or a reset password."""
    Invitation.objects.filter(person=user).delete()


def _send(person: User, by: User) -> None:
    token = secrets.token_urlsafe(32)
    sent = {"digest": _digest(token), "sent_at": timezone.now()}
    Invitation.objects.update_or_create(person=person, defaults=sent)
    link = settings.PUBLIC_ORIGIN + reverse("invitation", args=[token])
    send_letter("invitation", person, by=by, link=link, days=GOOD_FOR.days)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_unless_pending(person: User) -> None:
    if not is_pending(person):
        raise ValidationError(_("%(name)s has begun already."), params={"name": person})
