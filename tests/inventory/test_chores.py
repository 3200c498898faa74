"""The chores themselves: done once, and by one worker where it is for one."""

import os
import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from inventory_site.access.roles import Role
from inventory_site.chores import CHORES, alone
from inventory_site.notices.models import Delivery, Notice
from inventory_site.products.models import Location, Product
from inventory_site.stock import reservations
from inventory_site.stock.models import Reservation, Verification
from tests.inventory.conftest import person, receive
from tests.inventory.receiver import deliver, receiving, shortage, webhook_to

pytestmark = pytest.mark.django_db(transaction=True)


def fold() -> int:
    """Fold the tally once more; return how many rows there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold_tally()")
        return int(cursor.fetchone()[0])


def test_once_does_every_chore_and_names_what_failed(settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    settings.NOTICE_MAIL_TO = ["a@example.com"]
    with receiving() as receiver:
        webhook_to(receiver.url)
        shortage()
        call_command("worker", "--once")
        assert receiver.told.qsize() == 1
    assert Notice.objects.to_be_mailed().count() == 0
    shortage()
    Notice.objects.update(mailed_at=None)
    settings.MAILERS = {"default": {"BACKEND": "no.such.Backend"}}
    with pytest.raises(CommandError, match=r"These chores failed: mail the digest\."):
        call_command("worker", "--once")


def test_once_does_what_a_calendar_brings(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 9)
    for days in (0, 1):
        reservations.reserve(
            product_id=laptop.pk,
            location_id=shelf.pk,
            quantity=2,
            recipient="Helpdesk",
            until=timezone.localdate() - timedelta(days=days),
            actor=person(Role.OPERATOR),
            key=uuid4(),
        )
    call_command("worker", "--once")
    call_command("worker", "--once")
    assert [held.closed_as for held in Reservation.objects.order_by("until")] == ["expired", ""]
    assert Notice.objects.get().kind == "reservation_expiring"
    assert Verification.objects.count() == 1  # once a day is enough
    assert fold() <= 1


def test_what_another_worker_has_in_hand_is_skipped() -> None:
    with receiving() as receiver:
        webhook_to(receiver.url)
        taken, free = shortage(), shortage()
        name = connection.settings_dict["NAME"]
        with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], dbname=name) as another:
            another.execute(
                "SELECT FROM notices_delivery WHERE notice_id = %s FOR UPDATE", [taken.pk]
            )
            deliver()
    sent = {delivery.notice_id: delivery.attempts for delivery in Delivery.objects.all()}
    assert sent == {taken.pk: 0, free.pk: 1}


def test_what_one_worker_does_alone_another_leaves() -> None:
    done: list[str] = []

    def work() -> None:
        done.append("here")
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    def elsewhere() -> None:
        chore(threading.Event())
        connection.close()

    chore = alone(work)
    chore(threading.Event())
    assert done == ["here"]
    elsewhere_now = threading.Thread(target=elsewhere)
    done.clear()
    elsewhere_now.start()
    elsewhere_now.join()
    assert done == ["here"]


def test_every_chore_has_a_name_of_its_own() -> None:
    assert len({chore.name for chore in CHORES}) == len(CHORES)
