"""What is held is handed out in part or wholly, under keys that count once."""

from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Reservation
from tests.inventory.conftest import person, receive
from tests.inventory.holding import hand_out, hold, in_days, stand
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops."""
    receive(laptop, shelf, 10)
    return shelf


def test_a_key_counts_once_and_serves_no_other_act(laptop: Product, ten: Location) -> None:
    key = uuid4()
    assert hold(laptop, ten, 4, key=key).pk == hold(laptop, ten, 4, key=key).pk
    for other in ({"quantity": 5}, {"recipient": "Rui"}, {"until": in_days(8)}):
        with pytest.raises(refusals.KeyReused):
            hold(laptop, ten, **({"quantity": 4, "key": key} | other))  # type: ignore[arg-type]
    with pytest.raises(refusals.KeyReused):
        hand_out(Reservation.objects.get(), 1, key=key)
    spent = hand_out(Reservation.objects.get(), 1, key=uuid4()).idempotency_key
    with pytest.raises(refusals.KeyReused):
        hold(laptop, ten, 4, key=spent)
    assert stand(laptop, ten) == (9, 3, 6)


def test_a_key_of_one_person_says_nothing_of_anothers(laptop: Product, ten: Location) -> None:
    key = uuid4()
    mine, theirs = hold(laptop, ten, 2, key=key), hold(laptop, ten, 2, key=key, by=Role.MANAGER)
    assert mine.pk != theirs.pk
    assert stand(laptop, ten) == (10, 4, 6)


def test_a_whole_batch_is_refused_where_one_line_needs_what_is_held(
    laptop: Product, ten: Location
) -> None:
    held = hold(laptop, ten, 8)
    free, out = (
        ledger.Movement(
            product_id=laptop.pk,
            location_id=ten.pk,
            kind=Kind.ISSUE,
            quantity=-3,
            reservation_id=reservation,
        )
        for reservation in (None, held.pk)
    )
    with pytest.raises(refusals.InsufficientStock) as refusal:
        ledger.record_batch(BatchKind.BULK, [out, free], actor=person(Role.OPERATOR), key=uuid4())
    assert [line.number for line in refusal.value.lines] == [2]
    assert stand(laptop, ten) == (10, 8, 2)


def test_what_is_handed_out_in_part_and_wholly_closes_it(laptop: Product, ten: Location) -> None:
    held = hold(laptop, ten, 4)
    line = hand_out(held, 1)
    held.refresh_from_db()
    assert (held.left_over, held.is_open, line.reservation) == (3, True, held)
    assert stand(laptop, ten) == (9, 3, 6)
    hand_out(held, 3)
    held.refresh_from_db()
    assert (held.left_over, held.closed_as) == (0, "issued")
    assert stand(laptop, ten) == (6, 0, 6)
    assert_sound()


def test_undoing_an_issue_gives_the_units_back_to_everybody(laptop: Product, ten: Location) -> None:
    """The reservation was served and stays so: to hold the units again takes a new one."""
    held = hold(laptop, ten, 4)
    line = hand_out(held, 4)
    ledger.reverse(line.pk, actor=person(Role.OPERATOR), key=uuid4())
    held.refresh_from_db()
    assert (held.left_over, held.closed_as) == (0, "issued")
    assert stand(laptop, ten) == (10, 0, 10)
    assert_sound()
