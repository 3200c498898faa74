"""A count against the book of each line's moment: what moves meanwhile is taken into account."""

from __future__ import annotations

import pytest

from inventory_site.access.roles import Role
from inventory_site.counts import refusals
from inventory_site.counts.models import Line
from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import move, on_hand, opened, posted, told

pytestmark = pytest.mark.django_db


def test_a_line_is_compared_with_the_book_of_its_moment_not_of_the_opening_or_the_end(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    count = opened()
    move(laptop, shelf, -2)
    entry = told(count, quantity=7)
    assert (entry.on_hand, entry.difference) == (8, -1)
    move(laptop, shelf, +5)
    posted(count)
    assert on_hand(laptop, shelf) == 8 + 5 - 1
    line = StockTransaction.objects.get(kind="count")
    assert (line.quantity, line.reference) == (-1, count.name)


def test_what_moved_while_somebody_looked_is_to_be_looked_at_again(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    count = opened(is_blind=False)
    move(laptop, shelf, -2)
    entry = told(count, quantity=8, seen=10)
    assert (entry.doubt, entry.counted) == ("seen", 8)
    with pytest.raises(refusals.LinesInDoubt):
        posted(count)
    told(count, quantity=8, seen=8)
    assert posted(count).batch is None
    assert on_hand(laptop, shelf) == 8


def test_a_blind_line_needs_no_second_look_because_nobody_saw_anything(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    count = opened()
    move(laptop, shelf, -2)
    assert told(count, quantity=8).doubt == ""
    assert posted(count).is_posted


def test_several_counts_that_add_up_are_of_one_moment_or_looked_at_again(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    count = opened()
    for _ in range(4):
        assert told(count, quantity=1, is_more=True).doubt == ""
    move(laptop, shelf, -1)
    assert told(count, quantity=5, is_more=True).doubt == "between"
    assert told(count, quantity=1, is_more=True).doubt == "between"
    with pytest.raises(refusals.LinesInDoubt):
        posted(count)
    entry = told(count, quantity=9)
    assert (entry.doubt, entry.counted, entry.on_hand) == ("", 9, 9)
    assert posted(count).batch is None


def test_a_figure_and_what_was_added_since_make_the_line(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    count = opened()
    told(count, quantity=3)
    told(count, quantity=4, is_more=True, by=Role.MANAGER)
    assert told(count, quantity=-1, is_more=True).counted == 6
    assert told(count, quantity=5, by=Role.MANAGER).counted == 5
    said = Line.objects.get().entries.order_by("seq").values_list("kind", "quantity", "counted")
    assert list(said) == [("set", 3, 3), ("add", 4, 7), ("add", -1, 6), ("set", 5, 5)]


@pytest.mark.parametrize("kind", [Kind.ADJUSTMENT, Kind.WRITE_OFF])
def test_what_was_corrected_on_the_book_since_is_not_corrected_twice(
    laptop: Product, shelf: Location, kind: Kind
) -> None:
    receive(laptop, shelf, 10)
    count = opened()
    told(count, quantity=8)
    move(laptop, shelf, -2, kind)
    with pytest.raises(refusals.LinesInDoubt):
        posted(count)
    told(count, quantity=8)
    assert posted(count).batch is None
    assert on_hand(laptop, shelf) == 8


def test_two_counts_of_one_shelf_do_not_post_the_same_difference_twice(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    one, other = opened("One"), opened("Other")
    told(one, quantity=9)
    told(other, quantity=9)
    posted(one)
    with pytest.raises(refusals.LinesInDoubt):
        posted(other)
    assert on_hand(laptop, shelf) == 9


def test_what_the_book_has_none_of_is_found_and_gets_a_line(
    laptop: Product, shelf: Location
) -> None:
    count = opened(location=shelf)
    entry = told(count, product_id=laptop.pk, location_id=shelf.pk, quantity=3)
    again = told(count, product_id=laptop.pk, location_id=shelf.pk, quantity=1, is_more=True)
    assert entry.line == again.line
    assert (again.on_hand, again.counted, again.line.is_found) == (0, 4, True)
    posted(count)
    assert on_hand(laptop, shelf) == 4
