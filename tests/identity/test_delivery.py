"""What is in the outbox is delivered, as a signed token, until somebody hears it."""

import os
from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from identity_site.accounts.models import User
from identity_site.tokens import revocation
from identity_site.tokens.delivery import seconds_to_next
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import sign_in
from tests.identity.inventory_door import deliver, make_due, open_door
from tests.identity.tokens import read

pytestmark = pytest.mark.django_db
SID = "5" * 32


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_what_is_refused_stays_for_another_attempt(status: int) -> None:
    revocation.revoke_session(SID)
    with open_door(status) as door:
        deliver(door)
    notice = LogoutNotice.objects.get()
    assert (notice.delivered_at, notice.expired_at, notice.attempts) == (None, None, 1)


def test_what_nobody_hears_stays_for_another_attempt() -> None:
    revocation.revoke_session(SID)
    LogoutNotice.objects.update(attempts=9)
    deliver()
    assert LogoutNotice.objects.get().attempts == 10
    assert not LogoutNotice.objects.due().exists()
    make_due()
    with open_door() as door:
        deliver(door)
    assert LogoutNotice.objects.get().delivered_at
    assert read(door.next_knock().token)["sid"] == SID


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0.5), (1, 1), (2, 2), (5, 16), (6, 30), (7, 30), (100_000, 30)]
)
def test_attempts_come_less_and_less_often(attempts: int, seconds: float) -> None:
    assert seconds_to_next(attempts) == seconds


def test_where_one_cannot_be_heard_the_rest_waits_as_well() -> None:
    for _number in range(3):
        revocation.revoke_session(SID)
    with open_door(503) as door:
        deliver(door)
    assert door.knocks.qsize() == 1
    assert [notice.attempts for notice in LogoutNotice.objects.all()] == [1, 1, 1]


def test_one_that_is_refused_is_in_nobodys_way() -> None:
    for _number in range(3):
        revocation.revoke_session(SID)
    with open_door(400) as door:
        deliver(door)
    assert LogoutNotice.objects.exclude(delivered_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_has_in_hand_is_skipped() -> None:
    revocation.revoke_session("1" * 32)
    revocation.revoke_session("2" * 32)
    database = connection.settings_dict["NAME"]
    with (
        psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], dbname=database) as another,
        open_door() as door,
    ):
        another.execute("SELECT FROM tokens_logoutnotice WHERE sid = %s FOR UPDATE", ["1" * 32])
        deliver(door)
    assert read(door.next_knock().token)["sid"] == "2" * 32
    assert door.knocks.empty()
    assert LogoutNotice.objects.get(sid="1" * 32).attempts == 0


def test_what_can_no_longer_matter_is_given_up() -> None:
    revocation.revoke_session(SID)
    LogoutNotice.objects.update(created_at=timezone.now() - timedelta(seconds=911))
    with open_door() as door:
        deliver(door)
    assert LogoutNotice.objects.get().expired_at
    assert door.knocks.empty()


def test_an_erasure_is_never_given_up(vera: User) -> None:
    revocation.announce_erasure(vera.pk)
    LogoutNotice.objects.update(created_at=timezone.now() - timedelta(days=9), attempts=100_000)
    with open_door() as door:
        deliver(door)
    assert read(door.next_knock().token)["sub"] == str(vera.pk)


def test_what_was_delivered_can_be_read_for_a_day(client: Client, vera: User) -> None:
    revocation.revoke_session(SID)
    with open_door() as door:
        deliver(door)
        for hours, left in ((23, 1), (25, 0)):
            LogoutNotice.objects.update(delivered_at=timezone.now() - timedelta(hours=hours))
            deliver(door)
            assert LogoutNotice.objects.count() == left


def test_sessions_that_are_over_are_cleared(client: Client, vera: User) -> None:
    sign_in(client, vera)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    deliver()
    assert not Session.objects.exists()
