"""What is held for somebody nobody else takes, and it is never more than there is."""

from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals, reservations
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Reservation, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move
from tests.inventory.holding import hand_out, hold, stand

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops."""
    receive(laptop, shelf, 10)
    return shelf


@pytest.fixture
def elsewhere(db: None) -> Location:
    """Another shelf."""
    return Location.objects.create(code="B1")


def test_more_than_is_available_is_refused_and_says_what_is(laptop: Product, ten: Location) -> None:
    hold(laptop, ten, 7)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        hold(laptop, ten, 4)
    assert refusal.value.sentence == "Not enough stock: only 3 available."
    assert stand(laptop, ten) == (10, 7, 3)
    assert Reservation.objects.count() == 1


def test_where_nothing_ever_was_nothing_is_held(
    laptop: Product, ten: Location, elsewhere: Location
) -> None:
    with pytest.raises(refusals.InsufficientStock) as refusal:
        hold(laptop, elsewhere, 1)
    assert refusal.value.detail == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"recipient": ""},
        {"recipient": "x" * 121},
        {"reference": "x" * 65},
    ],
)
def test_what_makes_no_sense_the_database_refuses(
    laptop: Product, ten: Location, changes: dict[str, object]
) -> None:
    with pytest.raises(refusals.NotAllowedHere):
        hold(laptop, ten, **({"quantity": 1} | changes))  # type: ignore[arg-type]  # as named
    assert stand(laptop, ten) == (10, 0, 10)


def test_a_product_or_place_that_is_gone_is_refused(laptop: Product, ten: Location) -> None:
    laptop.pk = 999_999
    with pytest.raises(refusals.UnknownPlace):
        hold(laptop, ten, 1)


def test_what_is_held_nobody_takes_moves_corrects_away_or_undoes(
    laptop: Product, ten: Location, elsewhere: Location
) -> None:
    hold(laptop, ten, 8)
    for kind in (Kind.ISSUE, Kind.WRITE_OFF, Kind.ADJUSTMENT, Kind.COUNT):
        with pytest.raises(refusals.InsufficientStock) as refusal:
            move(laptop, ten, -3, kind)
        assert refusal.value.detail == 2
    away = ledger.Movement(product_id=laptop.pk, location_id=ten.pk, kind=Kind.TRANSFER, quantity=3)
    with pytest.raises(refusals.InsufficientStock):
        ledger.transfer(away, to_location_id=elsewhere.pk, actor=person(Role.OPERATOR), key=uuid4())
    with pytest.raises(refusals.InsufficientStock):
        ledger.reverse(StockTransaction.objects.get().pk, actor=person(Role.OPERATOR), key=uuid4())
    assert stand(laptop, ten) == (10, 8, 2)


def test_an_issue_of_more_than_is_left_of_it_is_refused(laptop: Product, ten: Location) -> None:
    held = hold(laptop, ten, 4)
    hand_out(held, 3)
    with pytest.raises(refusals.ReservationExceeded):
        hand_out(held, 2)
    assert stand(laptop, ten) == (7, 1, 6)


def test_an_issue_from_another_place_or_of_another_product_is_refused(
    laptop: Product, ten: Location, elsewhere: Location
) -> None:
    held = hold(laptop, ten, 4)
    receive(laptop, elsewhere, 5)
    with pytest.raises(refusals.ReservationExceeded):
        hand_out(held, 1, place=elsewhere)
    dock = Product.objects.create(sku="DK-1", name="Dock")
    receive(dock, ten, 5)
    with pytest.raises(refusals.ReservationExceeded):
        hand_out(held, 1, product_id=dock.pk)
    assert stand(laptop, ten) == (10, 4, 6)


def test_nothing_is_issued_out_of_a_closed_one(laptop: Product, ten: Location) -> None:
    held = hold(laptop, ten, 4)
    reservations.release(held.pk, actor=person(Role.OPERATOR))
    with pytest.raises(refusals.ReservationExceeded):
        hand_out(held, 1)


def test_releasing_what_is_closed_changes_nothing(laptop: Product, ten: Location) -> None:
    held = hold(laptop, ten, 4)
    hand_out(held, 4)
    again = reservations.release(held.pk, actor=person(Role.MANAGER))
    assert (again.closed_as, again.closed_by.pk) == ("issued", person(Role.OPERATOR).id)  # type: ignore[union-attr]  # closed
    with pytest.raises(refusals.UnknownTransaction):
        reservations.release(held.pk + 1, actor=person(Role.MANAGER))
    assert stand(laptop, ten) == (6, 0, 6)
