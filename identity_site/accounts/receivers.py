"""Precautions that follow from what people do to their accounts."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest

from identity_site.accounts.models import User
from identity_site.accounts.second_factor import FACTORS


@receiver(authenticator_added)
def count_as_shown(
    request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """Take a factor that was just set up for shown in this session: the person has it at hand.

    Other sessions have not shown it, and might use the password alone to set up one of their own.
    """
    if authenticator.type in FACTORS:
        _end_others(request, user)
        authenticator.record_usage()
        kind = str(authenticator.type)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=kind)


@receiver([password_changed, password_set, password_reset])
def end_other_sessions(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """End every other session of somebody with a new password.

    Their hash has locked them out already; without their rows they also void their tokens.
    """
    _end_others(request, user)


@receiver(email_confirmed)
def distrust_password(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """Void a password that may be a stranger's, who signed up with somebody else's address.

    Only who signs up or in with the password, or is in already, can be known to have chosen it. A
    code for signing in, or for a new password, comes to the owner of the address without it.
    """
    by_password = LoginStageController.enter(request, EmailVerificationStage.key) is not None
    if not by_password and request.user.is_anonymous:
        user = email_address.user
        user.set_unusable_password()
        user.save(update_fields=["password"])


def _end_others(request: HttpRequest, user: User) -> None:
    here = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=here):
        session.end()
