"""The worker as a process: woken by the database, outliving it, stopped by a signal."""

import signal

import pytest
from django.db import transaction

from inventory_site.notices.models import Delivery, Notice
from tests.inventory.receiver import WAIT, make_due, receiving, shortage, webhook_to
from tests.inventory.working import without_database, working
from tests.stack_fixture import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_tells_what_is_committed_and_ends_what_it_is_at_when_it_is_stopped() -> None:
    with receiving() as receiver, working() as worker:
        webhook_to(receiver.url)
        with transaction.atomic():
            shortage()
            transaction.set_rollback(True)
        told = shortage()
        assert receiver.next().content["id"] == str(told.pk)
        receiver.is_open.clear()
        last = shortage()
        assert receiver.next().content["id"] == str(last.pk)
        worker.process.send_signal(signal.SIGTERM)
        receiver.is_open.set()  # it is waited for
        assert worker.process.wait(timeout=WAIT) == 0
    assert Delivery.objects.exclude(delivered_at=None).count() == 2


def test_killed_before_it_wrote_down_that_it_was_heard_it_tells_the_same_again() -> None:
    with receiving(is_open=False) as receiver:
        webhook_to(receiver.url)
        shortage()
        with working() as worker:
            first = receiver.next()
            worker.process.kill()
            worker.process.wait(timeout=WAIT)
        receiver.is_open.set()
        assert Delivery.objects.get().delivered_at is None
        make_due()
        with working():
            again = receiver.next()
    assert first.body == again.body
    assert first.headers["TechStock-Delivery"] == again.headers["TechStock-Delivery"]


def test_a_chore_that_fails_stops_no_other_and_what_it_had_to_do_stays() -> None:
    dead_mail_server = f"smtp://127.0.0.1:{free_port()}"
    with receiving() as receiver:
        webhook_to(receiver.url)
        shortage()
        variables = {"NOTICE_MAIL_TO": "a@example.com", "EMAIL_URL": dead_mail_server}
        with working(**variables, MAIL_FOLDER="") as worker:
            worker.wait_for("could not mail the digest")
            receiver.next()
            shortage()
            receiver.next()
    assert Notice.objects.to_be_mailed().count() == 2


def test_it_outlives_the_database() -> None:
    with receiving() as receiver:
        webhook_to(receiver.url)
        with working() as worker:
            with without_database():
                worker.wait_for("listening again")
            shortage()
            receiver.next()


def test_two_of_them_tell_nothing_twice() -> None:
    with receiving() as receiver:
        webhook_to(receiver.url)
        with working(), working():
            told = {str(shortage().pk) for _number in range(20)}
            heard = [receiver.next().content["id"] for _number in range(20)]
            assert set(heard) == told
        assert receiver.told.empty()
