"""What waits for a second person happens as asked, once, when another approves it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from inventory_site.access import cut_offs
from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Approval, Batch, StockTransaction
from tests.inventory.conftest import person
from tests.inventory.counting import move, on_hand
from tests.inventory.soundness import assert_sound
from tests.inventory.test_erasure import erasure
from tests.inventory.waiting import ask, ask_batch, asked, waiting

pytestmark = pytest.mark.django_db

OTTO, MARINA = person(Role.OPERATOR), person(Role.MANAGER)


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops at 10.00 each."""
    facts = {"product_id": laptop.pk, "location_id": shelf.pk, "quantity": 500}
    movement = ledger.Movement(kind=Kind.RECEIPT, unit_cost=Decimal(10), **facts)  # type: ignore[arg-type]
    ledger.record(movement, actor=MARINA, key=uuid4())
    return shelf


def test_it_happens_now_as_who_asked_and_says_who_approved(laptop: Product, full: Location) -> None:
    act = waiting(asked(laptop, full, -101, reference="T-7"))
    moved_before_it = ask(asked(laptop, full, -1))
    approvals.approve(act.pk, actor=MARINA)
    line = StockTransaction.objects.latest("created_at")
    assert (line.actor, line.approval, line.reference) == (OTTO, act, "T-7")
    assert line.approval
    assert line.approval.approved_by == MARINA
    assert line.created_at > moved_before_it.created_at
    assert_sound()


def test_a_batch_happens_whole_and_is_undone_whole(laptop: Product, full: Location) -> None:
    act = waiting(asked(laptop, full, -60), asked(laptop, full, -60))
    approvals.approve(act.pk, actor=MARINA)
    batch = Batch.objects.get()
    assert (batch.actor, batch.idempotency_key) == (OTTO, act.idempotency_key)
    assert {line.approval_id for line in batch.lines.all()} == {act.pk}
    ledger.reverse_batch(batch.pk, actor=OTTO, key=uuid4())
    assert on_hand(laptop, full) == 500
    assert_sound()


def test_the_form_sent_again_after_the_decision_does_nothing_more(
    laptop: Product, full: Location
) -> None:
    one, key = asked(laptop, full, -101), uuid4()
    act = ask(one, key=key)
    approvals.approve(act.pk, actor=MARINA)
    again = ask(one, key=key)
    assert isinstance(again, StockTransaction)
    assert again.approval == act
    several, other_key = [asked(laptop, full, -60)] * 2, uuid4()
    batch_act = ask_batch(*several, key=other_key)
    approvals.approve(batch_act.pk, actor=MARINA)
    assert isinstance(ask_batch(*several, key=other_key), Batch)
    refused = waiting(asked(laptop, full, -103))
    approvals.refuse(refused.pk, actor=MARINA, refusal="No")
    still = ask(asked(laptop, full, -103), key=refused.idempotency_key)
    assert isinstance(still, Approval)
    assert (still.pk, still.is_waiting) == (refused.pk, False)
    assert on_hand(laptop, full) == 500 - 101 - 120


def test_who_asked_may_take_it_back(laptop: Product, full: Location) -> None:
    act = waiting(asked(laptop, full, -101))
    approvals.refuse(act.pk, actor=OTTO, refusal="They turned up")
    act.refresh_from_db()
    assert act.refused_by == act.created_by


def test_a_correction_applies_the_difference_that_was_seen(laptop: Product, full: Location) -> None:
    """Somebody counted 300 of 500; 10 went meanwhile; approved, 200 are missing still."""
    act = waiting(asked(laptop, full, -200, Kind.ADJUSTMENT, seen=500))
    move(laptop, full, -10)
    approvals.approve(act.pk, actor=MARINA)
    assert on_hand(laptop, full) == 290


@pytest.mark.parametrize("lines", [1, 2])
def test_what_somebody_asked_for_who_was_erased_since_can_be_decided(
    laptop: Product, full: Location, lines: int
) -> None:
    act = waiting(*[asked(laptop, full, -101)] * lines)
    cut_offs.write(erasure(OTTO.id))
    approvals.approve(act.pk, actor=MARINA)
    line = StockTransaction.objects.latest("pk")
    assert (line.actor.name, line.actor.email) == ("Former colleague", "")
    assert_sound()
