"""What can no longer be approved waits on, and nothing of it is done."""

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, refusals
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Batch
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move, on_hand
from tests.inventory.holding import hold
from tests.inventory.soundness import assert_sound
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db

OTTO, MARINA, ANA = (person(role) for role in (Role.OPERATOR, Role.MANAGER, Role.ADMIN))


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


def test_an_act_whose_stock_has_gone_waits_on_and_happens_when_it_is_back(
    laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -400))
    move(laptop, full, -200)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        approvals.approve(act.pk, actor=MARINA)
    assert refusal.value.sentence == "Not enough stock: only 300 available."
    act.refresh_from_db()
    assert (act.is_waiting, act.approved_by) == (True, None)
    move(laptop, full, 100)
    approvals.approve(act.pk, actor=MARINA)
    assert on_hand(laptop, full) == 0


def test_what_is_held_for_somebody_by_now_is_not_written_off(
    laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -400))
    hold(laptop, full, 101)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        approvals.approve(act.pk, actor=MARINA)
    assert refusal.value.detail == 399


def test_a_batch_of_which_one_line_is_impossible_by_now_is_not_done_in_part(
    laptop: Product, full: Location
) -> None:
    dock = Product.objects.create(sku="DK-1", name="Dock")
    receive(dock, full, 60)
    act = waiting(asked(laptop, full, -60), asked(dock, full, -60))
    move(dock, full, -1)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        approvals.approve(act.pk, actor=MARINA)
    assert [line.product_id for line in refusal.value.lines] == [dock.pk]
    assert (on_hand(laptop, full), on_hand(dock, full)) == (500, 59)
    assert not Batch.objects.exists()
    assert_sound()


def test_a_place_that_was_removed_meanwhile_is_said(laptop: Product, full: Location) -> None:
    spare = Location.objects.create(code="B1")
    act = waiting(asked(laptop, spare, 101, Kind.ADJUSTMENT))
    spare.delete()
    with pytest.raises(refusals.UnknownPlace):
        approvals.approve(act.pk, actor=MARINA)
    act.refresh_from_db()
    assert act.is_waiting
