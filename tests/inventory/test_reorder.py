"""What is to be ordered: what has no more available than its minimum, in all or at one place."""

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product, ReorderPoint, Supplier
from inventory_site.products.reorder import Need, Wish, all_needs, needs
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move
from tests.inventory.holding import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(db: None) -> Location:
    """Another shelf."""
    return Location.objects.create(code="B1")


def listed(**wish: Any) -> list[Need]:
    """What the list says to order."""
    return list(all_needs(Wish(**wish)))


def told(**wish: Any) -> list[tuple[str, int, int, int]]:
    """SKU, available, minimum and suggested units of what the list says."""
    return [(n.product.sku, n.available, n.minimum, n.suggested) for n in listed(**wish)]


def test_without_a_minimum_nothing_is_asked(shelf: Location) -> None:
    Product.objects.create(sku="DK-1", name="Dock")
    assert listed() == listed(level="out") == listed(is_per_location=True) == []


def test_what_is_out_of_use_is_not_ordered(laptop: Product, shelf: Location) -> None:
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=3)
    assert told() == [("NB-LEN-T14", 0, 6, 12)]
    Product.objects.update(is_active=False)
    assert listed() == listed(is_per_location=True) == []


def test_more_than_the_minimum_is_enough_and_the_minimum_itself_is_not(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 7)
    assert listed() == []
    move(laptop, shelf, -1)
    assert told() == [("NB-LEN-T14", 6, 6, 6)]


def test_low_and_out_are_told_apart(laptop: Product, shelf: Location) -> None:
    dock = Product.objects.create(sku="DK-1", name="Dock", reorder_point=2)
    receive(laptop, shelf, 4)
    assert told() == [("DK-1", 0, 2, 4), ("NB-LEN-T14", 4, 6, 8)]
    assert told(level="low") == [("NB-LEN-T14", 4, 6, 8)]
    assert told(level="out") == [("DK-1", 0, 2, 4)]
    receive(dock, shelf, 5)
    assert told(level="out") == []


def test_what_is_held_for_somebody_is_as_good_as_gone(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=4)
    assert listed() == listed(is_per_location=True) == []
    hold(laptop, shelf, 10)
    assert told(level="out") == [("NB-LEN-T14", 0, 6, 12)]
    assert told(is_per_location=True) == [("NB-LEN-T14", 0, 4, 8)]


def test_a_minimum_at_one_place_looks_at_that_place_alone(
    laptop: Product, shelf: Location, elsewhere: Location
) -> None:
    receive(laptop, shelf, 100)
    ReorderPoint.objects.create(product=laptop, location=elsewhere, quantity=3)
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=3)
    assert listed() == []
    (need,) = listed(is_per_location=True)
    assert (need.location, need.on_hand, need.suggested) == (elsewhere, 0, 6)
    receive(laptop, elsewhere, 4)
    assert listed(is_per_location=True) == []


def test_a_location_narrows_to_it_and_all_below(laptop: Product, elsewhere: Location) -> None:
    room = Location.objects.create(code="ROOM")
    below = Location.objects.create(code="ROOM-1", parent=room)
    for place in (elsewhere, below):
        ReorderPoint.objects.create(product=laptop, location=place, quantity=3)
    assert [need.location for need in listed(location=room)] == [below]


def test_a_category_narrows_to_it_and_all_below(laptop: Product) -> None:
    parts = Category.objects.create(name="Parts")
    below = Category.objects.create(name="Cables", parent=parts)
    Product.objects.create(sku="CB-1", name="Cable", reorder_point=1, category=below)
    assert told(category=parts) == [("CB-1", 0, 1, 2)]


def test_who_delivered_last_is_who_to_ask(laptop: Product, shelf: Location) -> None:
    acme, best = (Supplier.objects.create(name=name) for name in ("Acme", "Best"))
    for supplier in (acme, best, None):
        movement = ledger.Movement(
            product_id=laptop.pk,
            location_id=shelf.pk,
            kind=Kind.RECEIPT,
            quantity=1,
            supplier_id=supplier.pk if supplier else None,
        )
        ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())
    assert [need.supplier for need in listed()] == ["Best"]
    assert len(listed(supplier=best)) == 1
    assert listed(supplier=acme) == []


def test_a_long_list_is_paged_and_whole(laptop: Product, shelf: Location) -> None:
    for n in range(60):
        Product.objects.create(sku=f"X-{n}", name="Same name", reorder_point=1)
    page, first = needs(Wish(), cursor="")
    assert page.next
    _last, rest = needs(Wish(), cursor=page.next)
    skus = [need.product.sku for need in [*first, *rest]]
    assert len(skus) == len(set(skus)) == len(listed()) == 61
