"""What a stock count refuses, before anything else: nothing of it is written."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.counts import counting, posting, refusals
from inventory_site.counts.counting import Counted
from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.refusals import KeyReused, UnknownPlace
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move, on_hand, opened, posted, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(laptop: Product, shelf: Location) -> Count:
    """A count of five laptops on a shelf."""
    receive(laptop, shelf, 5)
    return opened()


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ({"quantity": -1}, refusals.NotAQuantity),
        ({"quantity": -1, "is_more": True}, refusals.NotAQuantity),
        ({"quantity": 1_000_001}, refusals.NotAQuantity),
        ({"line_id": 0}, refusals.UnknownLine),
        ({"product_id": 0, "location_id": 0}, UnknownPlace),
    ],
)
def test_what_cannot_be_there_is_not_written(
    count: Count, what: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        told(count, **what)
    assert not Entry.objects.exists()


def test_a_line_of_another_count_is_not_written(count: Count) -> None:
    line = Line.objects.get(count=opened("Another"))
    with pytest.raises(refusals.UnknownLine):
        told(count, line, quantity=5)
    assert not Entry.objects.exists()


def test_one_sending_says_one_thing_of_a_line(count: Count) -> None:
    line = Line.objects.get()
    twice = [Counted(line_id=line.pk, quantity=units) for units in (4, 5)]
    with pytest.raises(refusals.CountedTwice):
        counting.record(count, twice, actor=person(Role.OPERATOR), key=uuid4())
    assert not Entry.objects.exists()


def test_a_key_is_not_used_for_something_else(count: Count) -> None:
    key, line = uuid4(), Line.objects.get()
    for _ in range(2):
        said = [Counted(line_id=line.pk, quantity=1, is_more=True)]
        counting.record(count, said, actor=person(Role.OPERATOR), key=key)
    assert Line.objects.values_list("latest__counted").get() == (1,)
    with pytest.raises(KeyReused):
        said = [Counted(line_id=line.pk, quantity=2, is_more=True)]
        counting.record(count, said, actor=person(Role.OPERATOR), key=key)
    manager = person(Role.MANAGER)
    first = counting.open_count("One", is_blind=True, actor=manager, key=key)
    assert counting.open_count("One", is_blind=True, actor=manager, key=key) == first
    with pytest.raises(KeyReused):
        counting.open_count("Other", is_blind=True, actor=manager, key=key)


@pytest.mark.parametrize("is_posted", [True, False])
def test_a_closed_count_takes_nothing_more(count: Count, is_posted: bool) -> None:
    told(count, quantity=4)
    if is_posted:
        posted(count)
    else:
        counting.cancel(count, actor=person(Role.MANAGER))
    with pytest.raises(refusals.CountClosed):
        told(count, quantity=3)
    with pytest.raises(refusals.CountClosed):
        counting.cancel(count, actor=person(Role.MANAGER))
    assert Entry.objects.get().counted == 4


def test_a_cancelled_count_is_not_posted(count: Count, laptop: Product, shelf: Location) -> None:
    told(count, quantity=4)
    counting.cancel(count, actor=person(Role.MANAGER))
    with pytest.raises(refusals.CountClosed):
        posted(count)
    assert on_hand(laptop, shelf) == 5


def test_a_difference_that_todays_stock_cannot_give_stops_all_of_it(
    count: Count, laptop: Product, shelf: Location
) -> None:
    dock = Product.objects.create(sku="DK-1", name="Dock")
    told(count, product_id=dock.pk, location_id=shelf.pk, quantity=2)
    told(count, Line.objects.get(level__product=laptop), quantity=1)
    move(laptop, shelf, -3)
    with pytest.raises(refusals.LinesShort) as raised:
        posted(count)
    assert raised.value.detail == 1
    (line,) = posting.short(count, is_rest_none=False)
    assert (line.level.product, line.difference, line.level.available) == (laptop, -4, 2)
    count.refresh_from_db()
    assert count.is_open
    assert not StockTransaction.objects.filter(product=dock).exists()
    assert on_hand(laptop, shelf) == 2
