"""Whatever makes a token untrue puts a notice for the inventory site into the outbox."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.tokens import revocation
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import BROWSER, PASSWORD, last_code, sign_in
from tests.identity.tokens import PROFILE, read, token_of

NEW_PASSWORD = "another passphrase for tests"


def notices_of_session(client: Client) -> Callable[[], int]:
    """Count the notices about the session that a browser has now."""
    sid = read(token_of(client))["sid"]
    return LogoutNotice.objects.filter(sid=sid).count


def notices_of(user: User) -> QuerySet[LogoutNotice]:
    return LogoutNotice.objects.filter(sub=user.pk)


@pytest.mark.parametrize(
    "change",
    [{"name": "Vera Nova"}, {"language": "en"}, {"email": "v@example.com"}, {"role": "viewer"}],
)
def test_what_voids_nothing_is_not_announced(
    client: Client, vera: User, change: dict[str, str]
) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(**change)
    User.objects.get(pk=vera.pk).save()
    assert not LogoutNotice.objects.exists()


def test_a_session_in_which_nobody_was_signed_in_is_not_announced(client: Client) -> None:
    session = client.session
    session["something"] = "kept"
    session.save()
    session.flush()
    assert not LogoutNotice.objects.exists()


def test_a_session_that_expired_long_ago_is_not_announced(client: Client, vera: User) -> None:
    sign_in(client, vera)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    call_command("clearsessions")
    assert not Session.objects.exists()
    assert not LogoutNotice.objects.exists()


def test_a_notice_about_nothing_is_refused(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LogoutNotice.objects.create()


def test_nothing_is_announced_that_was_undone(vera: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
        raise ZeroDivisionError
    assert not LogoutNotice.objects.exists()


def test_signing_out(client: Client, vera: User) -> None:
    sign_in(client, vera)
    count = notices_of_session(client)
    client.post("/accounts/logout/")
    assert count() == 1


def test_the_row_of_a_session_is_deleted(client: Client, vera: User) -> None:
    sign_in(client, vera)
    count = notices_of_session(client)
    Session.objects.all().delete()
    assert count() == 1


def test_a_session_is_ended_from_another_one(client: Client, vera: User) -> None:
    elsewhere = Client(headers=BROWSER)
    sign_in(elsewhere, vera)
    sign_in(client, vera)
    here, there = notices_of_session(client), notices_of_session(elsewhere)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/sessions/", {"end": "others"})
    assert (here(), there()) == (0, 1)


def test_a_new_password(client: Client, vera: User) -> None:
    elsewhere = Client(headers=BROWSER)
    sign_in(elsewhere, vera)
    sign_in(client, vera)
    here, there = notices_of_session(client), notices_of_session(elsewhere)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert notices_of(vera).count() == 1
    elsewhere.get(PROFILE)
    assert (here(), there()) == (1, 1)


def test_a_forgotten_password(client: Client, vera: User) -> None:
    client.post("/accounts/password/reset/", {"email": vera.email})
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/accounts/password/reset/complete/", form).status_code == 302
    assert notices_of(vera).count() == 1


@pytest.mark.parametrize("change", ["role = 'operator'", "is_active = false", "password = '!'"])
def test_a_change_past_all_our_code(vera: User, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_user SET {change} WHERE id = %s", [vera.pk])
    assert notices_of(vera).count() == 1


def test_a_change_for_many_at_once(vera: User, marina: User) -> None:
    User.objects.update(is_active=False)
    assert notices_of(vera).count() == notices_of(marina).count() == 1


def test_somebody_is_erased(vera: User) -> None:
    revocation.announce_erasure(vera.pk)
    assert notices_of(vera).get().is_erasure
