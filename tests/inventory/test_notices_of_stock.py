"""What the ledger tells by itself: a product ran low, or out. Written with the movement."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from inventory_site.access.roles import Role
from inventory_site.notices.models import Notice
from inventory_site.products.models import Location, Product, ReorderPoint
from inventory_site.stock import ledger
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.receiver import at_commit

pytestmark = pytest.mark.django_db
ACTOR = person(Role.OPERATOR)


def issue(product: Product, place: Location, quantity: int) -> StockTransaction:
    movement = ledger.Movement(
        product_id=product.pk, location_id=place.pk, kind=Kind.ISSUE, quantity=-quantity
    )
    line = ledger.record(movement, actor=ACTOR, key=uuid4())
    if transaction.get_connection().in_atomic_block:
        at_commit()
    return line


def told() -> list[tuple[str, Any]]:
    """Every notice: its kind, and how many it says are on hand."""
    notices = Notice.objects.order_by("created_at")
    return [(notice.kind, notice.data["on_hand"]) for notice in notices]


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_is_rolled_back_is_not_told(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 7)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue(laptop, shelf, 7)
        raise ZeroDivisionError
    assert told() == []
    issue(laptop, shelf, 7)
    assert told() == [("out_of_stock", 0)]


@pytest.mark.parametrize("quantity", [1, 6, 7])
def test_what_comes_in_is_not_told_however_little(
    laptop: Product, shelf: Location, quantity: int
) -> None:
    receive(laptop, shelf, quantity)
    at_commit()
    assert told() == []


def test_a_transfer_that_empties_a_place_is_no_shortage(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 7)
    there = Location.objects.create(code="B2")
    movement = ledger.Movement(
        product_id=laptop.pk, location_id=shelf.pk, kind=Kind.TRANSFER, quantity=7
    )
    ledger.transfer(movement, to_location_id=there.pk, actor=ACTOR, key=uuid4())
    at_commit()
    assert told() == []


def test_nothing_is_told_that_is_above_the_minimum_or_was_below_it(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 20)
    issue(laptop, shelf, 13)  # 7 are left, the minimum is 6
    assert told() == []
    issue(laptop, shelf, 1)
    issue(laptop, shelf, 1)
    assert told() == [("low_stock", 6)]


def test_a_product_that_nobody_uses_any_more_is_not_told(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 7)
    Product.objects.update(is_active=False)
    issue(laptop, shelf, 7)
    assert told() == []


def test_a_product_without_a_minimum_is_told_when_it_runs_out(
    laptop: Product, shelf: Location
) -> None:
    Product.objects.update(reorder_point=0)
    receive(laptop, shelf, 2)
    issue(laptop, shelf, 1)
    assert told() == []
    issue(laptop, shelf, 1)
    assert told() == [("out_of_stock", 0)]


def test_what_runs_out_at_once_is_out_and_not_also_low(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 20)
    issue(laptop, shelf, 20)
    assert told() == [("out_of_stock", 0)]


def test_it_is_told_again_when_it_happens_again(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 7)
    line = issue(laptop, shelf, 2)
    ledger.reverse(line.pk, actor=ACTOR, key=uuid4())
    issue(laptop, shelf, 3)
    assert told() == [("low_stock", 5), ("low_stock", 4)]


def test_a_batch_tells_of_each_product_once(laptop: Product, shelf: Location) -> None:
    mouse = Product.objects.create(sku="MOUSE", name="Mouse", reorder_point=3)
    receive(laptop, shelf, 10)
    receive(mouse, shelf, 10)
    lines = [
        ledger.Movement(
            product_id=product.pk, location_id=shelf.pk, kind=Kind.ISSUE, quantity=-quantity
        )
        for product, quantity in ((laptop, 3), (mouse, 8), (laptop, 3), (mouse, 2))
    ]
    ledger.record_batch(BatchKind.BULK, lines, actor=ACTOR, key=uuid4())
    at_commit()
    assert sorted(told()) == [("low_stock", 4), ("out_of_stock", 0)]


def test_a_place_with_a_minimum_of_its_own_is_told_with_its_name(
    laptop: Product, shelf: Location
) -> None:
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=2)
    receive(laptop, shelf, 4)
    receive(laptop, Location.objects.create(code="B2"), 50)
    issue(laptop, shelf, 1)
    assert told() == []
    issue(laptop, shelf, 1)
    issue(laptop, shelf, 1)
    notice = Notice.objects.get()
    assert notice.kind == "low_stock"
    assert notice.data["location"] == {"id": shelf.pk, "code": "A1-03"}
    assert (notice.data["on_hand"], notice.data["reorder_point"]) == (2, 2)


def test_it_says_what_and_how_many(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 7)
    issue(laptop, shelf, 2)
    assert Notice.objects.get().data == {
        "product": {"id": laptop.pk, "sku": laptop.sku, "name": laptop.name},
        "location": None,
        "on_hand": 5,
        "reorder_point": 6,
    }
