"""An act that waits for a second person, sent again: it waits once, and happens once."""

from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, refusals, reservations
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Approval, Batch, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import on_hand
from tests.inventory.waiting import ask, ask_batch, asked

pytestmark = pytest.mark.django_db

OTTO, MARINA = person(Role.OPERATOR), person(Role.MANAGER)


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


def correction(laptop: Product, full: Location) -> ledger.Movement:
    """Three hundred are there, says somebody who saw five hundred on the page."""
    return asked(laptop, full, -200, Kind.ADJUSTMENT, seen=500)


def test_another_act_under_its_key_is_refused(laptop: Product, full: Location) -> None:
    key = uuid4()
    ask(correction(laptop, full), key=key)
    for other in (asked(laptop, full, -201), asked(laptop, full, -1)):
        with pytest.raises(refusals.KeyReused):
            ask(other, key=key)
    with pytest.raises(refusals.KeyReused):
        ask_batch(correction(laptop, full), key=key)
    assert Approval.objects.count() == 1


def test_an_act_that_was_recorded_meanwhile_leaves_nothing_waiting_under_its_key(
    laptop: Product, full: Location
) -> None:
    """Two requests at once with one key: what the first recorded, the second cannot ask for."""
    key = uuid4()
    ask(asked(laptop, full, -1), key=key)
    need = refusals.ApprovalNeeded()
    need.units, need.value = 101, "0"
    with pytest.raises(refusals.KeyReused):
        approvals._request(
            [asked(laptop, full, -101)], "", need, actor=OTTO, key=key, reason="Damaged"
        )
    assert not Approval.objects.exists()


def test_its_key_is_free_for_no_other_kind_of_act(laptop: Product, full: Location) -> None:
    key = uuid4()
    ask(correction(laptop, full), key=key)
    with pytest.raises(refusals.KeyReused):
        reservations.reserve(
            product_id=laptop.pk,
            location_id=full.pk,
            quantity=1,
            recipient="Ana",
            until=Approval.objects.get().created_at.date(),
            actor=OTTO,
            key=key,
        )
    with pytest.raises(refusals.KeyReused):
        ledger.reverse(StockTransaction.objects.get().pk, actor=OTTO, key=key)


def test_it_waits_once_though_stock_moved_meanwhile(laptop: Product, full: Location) -> None:
    key = uuid4()
    first = ask(correction(laptop, full), key=key)
    ask(asked(laptop, full, -10, Kind.ISSUE, reason=""))
    again = ask(correction(laptop, full), key=key)
    assert first == again
    assert Approval.objects.count() == 1


def test_it_happens_once_though_it_is_sent_again_after_it_was_approved(
    laptop: Product, full: Location
) -> None:
    key = uuid4()
    act = ask(correction(laptop, full), key=key)
    ask(asked(laptop, full, -10, Kind.ISSUE, reason=""))
    approvals.approve(act.pk, actor=MARINA)
    line = ask(correction(laptop, full), key=key)
    assert isinstance(line, StockTransaction)
    assert line.approval_id == act.pk
    assert on_hand(laptop, full) == 290


def test_a_batch_waits_once_and_happens_once(laptop: Product, full: Location) -> None:
    key, lines = uuid4(), [correction(laptop, full)]
    act = ask_batch(*lines, key=key)
    ask(asked(laptop, full, -10, Kind.ISSUE, reason=""))
    assert ask_batch(*lines, key=key) == act
    approvals.approve(act.pk, actor=MARINA)
    assert ask_batch(*lines, key=key) == Batch.objects.get(kind=BatchKind.BULK)
    assert on_hand(laptop, full) == 290


def test_sent_again_after_a_refusal_it_says_that_it_was_decided(
    operator: Client, laptop: Product, full: Location
) -> None:
    told = {"kind": "write_off", "quantity": "101", "location": full.code, "reason": "Damaged"}
    told |= {"idempotency_key": str(uuid4())}
    address = f"/products/{laptop.sku}/transactions/new/?location={full.code}"
    assert "Nothing has moved yet." in operator.post(address, told, follow=True).content.decode()
    approvals.refuse(Approval.objects.get().pk, actor=MARINA, refusal="They are in the van.")
    page = operator.post(address, told, follow=True).content.decode()
    assert "This has been decided already." in page
    assert "Nothing has moved yet." not in page
