"""What an administrator does about somebody. Refusals are `ValidationError`s with a sentence."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from identity_site.accounts.acting import acting, record
from identity_site.accounts.invitations import refuse_who_never_began
from identity_site.accounts.letters import send_letter
from identity_site.accounts.models import User, What
from identity_site.accounts.roles import Role
from identity_site.programs.models import PersonalToken
from identity_site.tokens.revocation import revoke_person


def change(person: User, *, by: User, role: Role | None = None, active: bool | None = None) -> None:
    """Give somebody a role, or take or give back the account; sessions end with the account."""
    with acting(by):
        person = locked(person)
        if person.erased_at is not None:
            raise ValidationError(_("Somebody who was erased cannot come back."))
        role = Role(person.role) if role is None else role
        active = person.is_active if active is None else active
        keep_an_administrator(person, role=role, active=active)
        if active and not person.is_active:
            refuse_who_never_began(person)
        person.role, person.is_active = role, active
        person.save(update_fields=["role", "is_active"])


def locked(person: User) -> User:
    """Lock somebody of whom an administrator may be made or unmade, and return them as they are."""
    _take_turns()
    return User.objects.select_for_update().get(pk=person.pk)


def keep_an_administrator(person: User, *, role: str, active: bool) -> None:
    """Refuse when nobody could administer people any more.

    Locks all who can, so it must run in the atomic block of the change. The database refuses, too.
    """
    if role == Role.ADMIN and active:
        return
    _take_turns()
    admins = User.objects.active_admins().select_for_update(of=("self",))
    if list(admins.values_list("pk", flat=True)) == [person.pk]:
        raise ValidationError(
            _("%(name)s is the last active administrator. Make somebody else one first."),
            params={"name": person.name},
        )


def sign_out(person: User, *, by: User) -> None:
    """End every session of somebody, and every token that came from one."""
    with acting(by):
        _end_sessions(person)
        record(person, What.SIGNED_OUT)


def remove_second_factors(person: User, *, by: User) -> None:
    """Let somebody who is locked out sign in with the password alone, and tell them by mail.

    Every session ends, too: whoever found a lost phone may be in one.
    """
    with acting(by):
        removed, _rows = Authenticator.objects.filter(user=person).delete()
        if not removed:
            raise ValidationError(_("%(name)s has no second factor."), params={"name": person})
        _end_sessions(person)
        record(person, What.FACTORS_REMOVED)
        send_letter("second_factors_removed", person, by=by)


def revoke_personal_tokens(person: User, *, by: User) -> None:
    """End every personal token of somebody, and every access token that was had for one."""
    with acting(by):
        PersonalToken.objects.filter(owner=person).living().revoke()
        record(person, What.TOKENS_REVOKED)


def _take_turns() -> None:
    """Wait for whoever else changes administrators: the lock that the database takes (people.sql).

    It comes before that of any person, or two who act on each other would wait for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('an_administrator_remains', 0))"
        )


def _end_sessions(person: User) -> None:
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()
    revoke_person(person.pk)
