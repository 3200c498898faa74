"""A transfer is two lines of one act: never half, never from a place to itself."""

from dataclasses import replace
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Batch, StockLevel, StockTotal, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move, on_hand
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db

OTTO = person(Role.OPERATOR)


@pytest.fixture
def there(laptop: Product, shelf: Location) -> Location:
    """Another shelf; ten laptops are on the first."""
    receive(laptop, shelf, 10)
    return Location.objects.create(code="B1")


def line(product: Product, place: Location, quantity: int) -> ledger.Movement:
    """One side of a transfer."""
    return ledger.Movement(
        product_id=product.pk, location_id=place.pk, kind=Kind.TRANSFER, quantity=quantity
    )


def recorded(*lines: ledger.Movement, kind: BatchKind = BatchKind.TRANSFER) -> Batch:
    """Record a transfer line by line, as a form or a program might put it together."""
    return ledger.record_batch(kind, lines, actor=OTTO, key=uuid4())


def transferred(product: Product, here: Location, to: Location, quantity: int = 4) -> Batch:
    """Move units from one place to another."""
    movement = line(product, here, quantity)
    return ledger.transfer(movement, to_location_id=to.pk, actor=OTTO, key=uuid4())


def test_more_than_there_is_leaves_no_line_and_no_level(
    laptop: Product, shelf: Location, there: Location
) -> None:
    with pytest.raises(refusals.InsufficientStock) as refusal:
        transferred(laptop, shelf, there, 11)
    assert refusal.value.detail == 10
    assert StockTransaction.objects.count() == StockLevel.objects.count() == 1
    assert not Batch.objects.exists()


@pytest.mark.parametrize("quantity", [0, -4, 1_000_001])
def test_a_quantity_that_makes_no_sense_is_refused(
    laptop: Product, shelf: Location, there: Location, quantity: int
) -> None:
    with pytest.raises((refusals.NotAllowedHere, refusals.InsufficientStock)):
        transferred(laptop, shelf, there, quantity)
    assert (on_hand(laptop, shelf), StockTransaction.objects.count()) == (10, 1)


def test_nothing_goes_from_a_place_to_itself_or_to_nowhere(
    laptop: Product, shelf: Location, there: Location
) -> None:
    with pytest.raises(refusals.NotAllowedHere):
        transferred(laptop, shelf, shelf)
    nowhere = Location(pk=999_999)
    with pytest.raises(refusals.UnknownPlace):
        transferred(laptop, shelf, nowhere)
    assert StockTransaction.objects.count() == 1


def test_half_a_transfer_is_refused(laptop: Product, shelf: Location, there: Location) -> None:
    dock = Product.objects.create(sku="DK-1", name="Dock")
    receive(dock, shelf, 10)
    out, into = line(laptop, shelf, -4), line(laptop, there, 4)
    for lines in (
        [out],
        [into],
        [out, line(laptop, there, 3)],
        [out, line(dock, there, 4)],  # another thing arrives
        [out, into, line(dock, shelf, -1)],
        [out, into, replace(into, kind=Kind.RECEIPT)],
    ):
        with pytest.raises(refusals.NotAllowedHere):
            recorded(*lines)
    with pytest.raises(refusals.NotAllowedHere):
        recorded(out, into, kind=BatchKind.BULK)
    assert StockTransaction.objects.count() == 2


def test_one_line_of_it_is_not_undone_alone(
    laptop: Product, shelf: Location, there: Location
) -> None:
    for each in transferred(laptop, shelf, there).lines.all():
        with pytest.raises(refusals.TransferWhole):
            ledger.reverse(each.pk, actor=OTTO, key=uuid4())
    assert (on_hand(laptop, shelf), on_hand(laptop, there)) == (6, 4)


def test_an_undo_is_refused_once_what_arrived_has_gone(
    laptop: Product, shelf: Location, there: Location
) -> None:
    batch = transferred(laptop, shelf, there)
    move(laptop, there, -1)
    with pytest.raises(refusals.BatchStays) as refusal:
        ledger.reverse_batch(batch.pk, actor=OTTO, key=uuid4())
    (stuck,) = refusal.value.lines
    assert (stuck.location_id, stuck.available) == (there.pk, 3)
    assert (on_hand(laptop, shelf), on_hand(laptop, there)) == (6, 3)


def test_it_is_two_lines_at_one_time_and_neither_adds_units_nor_worth(
    laptop: Product, shelf: Location, there: Location
) -> None:
    batch = transferred(laptop, shelf, there)
    out, into = batch.lines.order_by("id")
    assert (out.quantity, into.quantity) == (-4, 4)
    assert out.created_at == into.created_at == batch.created_at
    assert out.value == into.value == 0
    assert StockTotal.objects.get().on_hand == 10
    assert_sound()


def test_it_is_undone_whole_and_once(laptop: Product, shelf: Location, there: Location) -> None:
    batch = transferred(laptop, shelf, there)
    undo = ledger.reverse_batch(batch.pk, actor=OTTO, key=uuid4())
    assert (on_hand(laptop, shelf), on_hand(laptop, there)) == (10, 0)
    with pytest.raises(refusals.AlreadyReversed):
        ledger.reverse_batch(batch.pk, actor=OTTO, key=uuid4())
    with pytest.raises(refusals.ReversalStays):
        ledger.reverse_batch(undo.pk, actor=OTTO, key=uuid4())
    assert_sound()


def test_the_same_form_again_moves_nothing_more(
    laptop: Product, shelf: Location, there: Location
) -> None:
    key, movement = uuid4(), line(laptop, shelf, 4)
    act = {"to_location_id": there.pk, "actor": OTTO, "key": key}
    first, again = (ledger.transfer(movement, **act) for _ in range(2))  # type: ignore[arg-type]
    assert first.pk == again.pk
    with pytest.raises(refusals.KeyReused):
        ledger.transfer(replace(movement, quantity=5), **act)  # type: ignore[arg-type]
    assert on_hand(laptop, there) == 4
