"""Undoing a batch: what stands in the way is named, and what does not is not in the way."""

from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Batch, StockLevel
from tests.inventory.conftest import person, receive
from tests.inventory.counting import on_hand
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db

MARINA = person(Role.MANAGER)


def movement(product: Product, place: Location, quantity: int) -> ledger.Movement:
    """Units that come, or go."""
    kind = Kind.RECEIPT if quantity > 0 else Kind.ISSUE
    return ledger.Movement(
        kind=kind, product_id=product.pk, location_id=place.pk, quantity=quantity
    )


def came(product: Product, place: Location, *quantities: int) -> Batch:
    """A batch of several movements at one place."""
    lines = [movement(product, place, quantity) for quantity in quantities]
    return ledger.record_batch(BatchKind.IMPORT, lines, actor=MARINA, key=uuid4())


def test_what_stands_in_the_way_is_named_also_to_who_clicks_undo_in_a_message(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    batch = came(laptop, shelf, 4)
    ledger.record(movement(laptop, shelf, -3), actor=MARINA, key=uuid4())
    address = f"/batches/{batch.pk}/reversal/"
    answer = manager.post(
        address, {"idempotency_key": str(uuid4())}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == address
    page = manager.get(address).content.decode()
    assert "the stock of some lines has gone" in page
    assert "What stands in the way" in page
    assert StockLevel.objects.get().on_hand == 1


def test_looking_at_what_stands_in_the_way_undoes_nothing(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    batch = came(laptop, shelf, 4)
    page = manager.get(f"/batches/{batch.pk}/reversal/").content.decode()
    assert "What stands in the way" not in page
    assert on_hand(laptop, shelf) == 4
    assert not Batch.objects.filter(kind=BatchKind.REVERSAL).exists()


def test_nobody_is_offered_an_undo_that_would_be_refused(
    operator: Client, manager: Client, laptop: Product, shelf: Location
) -> None:
    batch = came(laptop, shelf, 4)
    line = batch.lines.get()
    for address in (f"/transactions/{line.pk}/", f"/products/{laptop.sku}/transactions/"):
        undo = f'action="/transactions/{line.pk}/reversal/"'
        assert undo not in operator.get(address).content.decode()
        assert undo in manager.get(address).content.decode()
    refused = operator.post(f"/transactions/{line.pk}/reversal/", {"idempotency_key": str(uuid4())})
    assert refused.status_code == 403


def test_a_place_that_the_batch_emptied_and_filled_is_no_obstacle(
    laptop: Product, shelf: Location
) -> None:
    """Ten went and ten came; ten have gone since. Taking the issue back first makes room."""
    receive(laptop, shelf, 10)
    batch = came(laptop, shelf, -10, 10)
    ledger.record(movement(laptop, shelf, -10), actor=MARINA, key=uuid4())
    ledger.reverse_batch(batch.pk, actor=MARINA, key=uuid4())
    assert on_hand(laptop, shelf) == 0
    assert_sound()


def test_a_long_batch_is_refused_when_its_stock_moved_after_it_began(
    laptop: Product, shelf: Location
) -> None:
    """Its lines all bear the time at which it began: what moved later cannot come before."""
    batch = ledger.open_batch(BatchKind.IMPORT, [], actor=MARINA, key=uuid4(), digest=b"1")
    receive(laptop, shelf, 1)
    with pytest.raises(refusals.BatchOvertaken):
        ledger.extend_batch(batch, [movement(laptop, shelf, 5)])
    assert on_hand(laptop, shelf) == 1


@pytest.mark.parametrize(
    ("key", "status", "sentence"),
    [
        ("", 400, "This form was incomplete. Reload the page and try again."),
        ("used", 409, "This form was already used for something else."),
    ],
)
def test_a_confirmation_whose_key_is_used_or_missing_says_so(
    operator: Client, laptop: Product, shelf: Location, key: str, status: int, sentence: str
) -> None:
    """A preview instead, with a fresh key, would invite to record the same goods again."""
    receive(laptop, shelf, 10)
    level = StockLevel.objects.get()
    address, used = f"/batches/new/?level={level.pk}", str(uuid4())
    told = {"kind": "issue", "confirm": "1", f"units-{level.pk}": "2"}
    operator.post(address, told | {"idempotency_key": used})
    changed = told | {f"units-{level.pk}": "3", "idempotency_key": used if key else ""}
    answer = operator.post(address, changed)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "Do it" not in answer.content.decode()
    assert on_hand(laptop, shelf) == 8
