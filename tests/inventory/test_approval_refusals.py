"""Nobody approves their own act, nothing is decided twice, and nothing is half-done."""

import os
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, refusals, reservations
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Approval, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import on_hand
from tests.inventory.holding import hold
from tests.inventory.waiting import ask, ask_batch, asked, waiting

pytestmark = pytest.mark.django_db

OTTO, MARINA, ANA = (person(role) for role in (Role.OPERATOR, Role.MANAGER, Role.ADMIN))


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


def test_nobody_approves_what_they_asked_for(laptop: Product, full: Location) -> None:
    act = waiting(asked(laptop, full, -101), by=Role.MANAGER)
    with pytest.raises(refusals.SamePerson) as refusal:
        approvals.approve(act.pk, actor=MARINA)
    assert refusal.value.sentence == (
        "You asked for this yourself: another person must approve it."
    )
    act.refresh_from_db()
    assert act.is_waiting
    assert on_hand(laptop, full) == 500


def test_the_database_refuses_it_to_the_site_and_to_the_owner(
    laptop: Product, full: Location
) -> None:
    """Past all of our Python: the function as the site's role, the table itself as anybody."""
    act = waiting(asked(laptop, full, -101))
    with (
        pytest.raises(IntegrityError, match="four_eyes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT approve_act(%s, %s, '', '')", [act.pk, OTTO.id])
    url = os.environ["SUPERUSER_DATABASE_URL"]
    with (
        psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as superuser,
        pytest.raises(psycopg.errors.CheckViolation, match="four_eyes"),
    ):
        superuser.execute(
            "INSERT INTO stock_approval (movements, batch_kind, reason, reference, units,"
            " value, created_by, created_at, idempotency_key, approved_by, decided_at)"
            " VALUES ('[]', '', '', '', 1, 0, %(who)s, now(), %(who)s, %(who)s, now())",
            {"who": OTTO.id},
        )


def test_what_is_impossible_does_not_wait(laptop: Product, full: Location) -> None:
    with pytest.raises(refusals.InsufficientStock):
        ask(asked(laptop, full, -501))
    with pytest.raises(refusals.NotAllowedHere):
        ask(asked(laptop, full, -101, reason=""))
    assert not Approval.objects.exists()


def test_what_was_decided_stays_so(laptop: Product, full: Location) -> None:
    yes, no = waiting(asked(laptop, full, -101)), waiting(asked(laptop, full, -102))
    approvals.approve(yes.pk, actor=MARINA)
    approvals.refuse(no.pk, actor=MARINA, refusal="They are fine.")
    for act in (yes, no):
        with pytest.raises(refusals.AlreadyDecided):
            approvals.approve(act.pk, actor=ANA)
        with pytest.raises(refusals.AlreadyDecided):
            approvals.refuse(act.pk, actor=ANA, refusal="No")
    assert on_hand(laptop, full) == 399
    no.refresh_from_db()
    assert (no.refused_by, no.refusal, no.approved_by) == (MARINA, "They are fine.", None)


@pytest.mark.parametrize("refusal", ["", "x" * 201])
def test_a_refusal_needs_a_reason_of_some_length(
    laptop: Product, full: Location, refusal: str
) -> None:
    act = waiting(asked(laptop, full, -101))
    with pytest.raises(refusals.NotAllowedHere):
        approvals.refuse(act.pk, actor=MARINA, refusal=refusal)
    act.refresh_from_db()
    assert act.is_waiting


def test_what_nobody_asked_for_is_neither_approved_nor_refused(db: None) -> None:
    with pytest.raises(refusals.UnknownTransaction):
        approvals.approve(7, actor=MARINA)
    with pytest.raises(refusals.UnknownTransaction):
        approvals.refuse(7, actor=MARINA, refusal="No")


def test_the_key_of_what_waits_serves_no_other_act(laptop: Product, full: Location) -> None:
    act, key = asked(laptop, full, -101), uuid4()
    first = ask(act, key=key)
    again = ask(act, key=key)
    assert isinstance(again, Approval)
    assert again.pk == first.pk
    line = StockTransaction.objects.get()
    away = asked(laptop, full, 1, Kind.TRANSFER, reason="")
    there = Location.objects.create(code="B1").pk
    batch = ask_batch(asked(laptop, full, 1, Kind.RECEIPT))
    for other in (
        lambda: ask(asked(laptop, full, -102), key=key),
        lambda: ask(asked(laptop, full, -1), key=key),
        lambda: ask_batch(act, act, key=key),
        lambda: ledger.transfer(away, to_location_id=there, actor=OTTO, key=key),
        lambda: ledger.reverse(line.pk, actor=OTTO, key=key),
        lambda: ledger.reverse_batch(batch.pk, actor=OTTO, key=key),
        lambda: hold(laptop, full, 1, key=key),
    ):
        with pytest.raises(refusals.KeyReused):
            other()
    assert reservations.expire() == 0
    assert on_hand(laptop, full) == 501
    assert isinstance(ask(asked(laptop, full, -1), by=Role.MANAGER, key=key), StockTransaction)
