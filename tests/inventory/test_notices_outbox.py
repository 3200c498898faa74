"""What else is told, and to whom a notice becomes a delivery."""

import os
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.notices.delivery import forget_old
from inventory_site.notices.expiry import tell_of_expiring
from inventory_site.notices.models import Delivery, Notice
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, reservations
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Approval, Reservation
from tests.inventory.conftest import person, receive
from tests.inventory.receiver import deliver, webhook_to

pytestmark = pytest.mark.django_db
URL = "http://192.0.2.1/"


def notice(kind: str = "low_stock") -> Notice:
    """Put a notice into the outbox, as the triggers do."""
    return Notice.objects.create(kind=kind)


def as_superuser(statement: str) -> None:
    """Do what the site's role may not."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], dbname=name) as superuser:
        superuser.execute(statement.encode())


def hold(product: Product, place: Location, until: date) -> Reservation:
    return reservations.reserve(
        product_id=product.pk,
        location_id=place.pk,
        quantity=2,
        recipient="Helpdesk",
        until=until,
        actor=person(Role.OPERATOR),
        key=uuid4(),
    )


def test_who_does_not_ask_for_a_kind_or_is_paused_is_not_told_of_it() -> None:
    webhook_to(URL, "out_of_stock")
    webhook_to(URL, is_active=False)
    asking, _secret = webhook_to(URL, "low_stock", "out_of_stock")
    notice()
    assert [delivery.webhook for delivery in Delivery.objects.all()] == [asking]


def test_who_comes_later_is_not_told_of_what_was(laptop: Product) -> None:
    notice()
    webhook_to(URL)
    assert not Delivery.objects.exists()


def test_an_act_that_needs_a_second_person_is_told(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 500)
    movement = ledger.Movement(
        product_id=laptop.pk,
        location_id=shelf.pk,
        kind=Kind.WRITE_OFF,
        quantity=-200,
        reason="Water damage",
    )
    asker = person(Role.OPERATOR)
    waiting = approvals.record_or_request(movement, actor=asker, key=uuid4())
    assert isinstance(waiting, Approval)
    told = Notice.objects.get()
    assert told.kind == "approval_waiting"
    assert told.data["approval"] == waiting.pk
    assert (told.data["units"], told.data["reason"]) == (200, "Water damage")
    assert told.data["asked_by"] == str(asker.id)


def test_a_reservation_is_told_on_its_last_day_and_once(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 9)
    today = timezone.localdate()
    hold(laptop, shelf, today + timedelta(days=1))
    released = hold(laptop, shelf, today)
    reservations.release(released.pk, actor=person(Role.OPERATOR))
    ending = hold(laptop, shelf, today)
    tell_of_expiring()
    tell_of_expiring()
    told = Notice.objects.get()
    assert told.kind == "reservation_expiring"
    assert told.data["reservation"] == ending.pk
    assert told.data["location"] == {"id": shelf.pk, "code": shelf.code}
    assert (told.data["units"], told.data["until"]) == (2, today.isoformat())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("differences", "told"), [(0, []), (3, ["verification_failed"])])
def test_a_verification_is_told_when_something_disagrees(differences: int, told: list[str]) -> None:
    as_superuser(
        "INSERT INTO stock_verification (started_at, levels, transactions, differences, first_bad)"
        f" VALUES (now(), 1, 1, {differences}, 'transaction 1: its content was changed')"
    )
    assert [notice.kind for notice in Notice.objects.all()] == told


@pytest.mark.django_db(transaction=True)
def test_what_is_over_is_forgotten_after_a_while_and_what_waits_is_not() -> None:
    webhook_to(URL)
    for _number in range(3):
        notice()
    old = timezone.now() - timedelta(days=31)
    done, given_up, _waiting = Delivery.objects.order_by("created_at")
    Delivery.objects.filter(pk=done.pk).update(delivered_at=old)
    Delivery.objects.filter(pk=given_up.pk).update(given_up_at=timezone.now())
    Notice.objects.filter(pk=done.notice_id).update(mailed_at=old)
    as_superuser("UPDATE notices_notice SET created_at = now() - interval '32 days'")
    forget_old()
    assert not Delivery.objects.filter(pk=done.pk).exists()
    assert not Notice.objects.filter(pk=done.notice_id).exists()
    assert Delivery.objects.count() == 2
    assert Notice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_nobody_mailed_yet_is_not_forgotten() -> None:
    notice()
    as_superuser("UPDATE notices_notice SET created_at = now() - interval '400 days'")
    forget_old()
    assert Notice.objects.exists()


def test_the_site_cannot_rewrite_what_was_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('notices_notice', 'data', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_a_worker_with_nothing_to_do_ends_at_once() -> None:
    deliver()
    assert not Delivery.objects.exists()
