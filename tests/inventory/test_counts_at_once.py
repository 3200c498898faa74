"""Several people count while others move the same stock, as real processes: exact all the same."""

from __future__ import annotations

from typing import Any

import pytest

from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch, StockLevel, StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.counting import opened, told
from tests.inventory.processes import at_once
from tests.inventory.test_concurrency import stocked

pytestmark = pytest.mark.django_db(transaction=True)


def orders(
    count: Count, product: Product, shelves: list[Location], times: int, *what: str
) -> list[dict[str, Any]]:
    """An order for each process; every other one goes through the places backwards."""
    places = [shelf.pk for shelf in shelves]
    return [
        {
            "what": act,
            "who": number,
            "count": count.pk,
            "product": product.pk,
            "places": places[:: -1 if number % 2 else 1],
            "times": times,
        }
        for number, act in enumerate(what, 1)
    ]


def test_each_entry_keeps_what_the_book_said_at_that_very_moment() -> None:
    product, shelves = stocked(5, places=3)
    count = opened()
    acts = orders(count, product, shelves, 25, "count", "move", "count", "move")
    assert at_once("tests.inventory.counter", acts) == [["ok"] * 25] * 4

    book = {(t.level_id, t.seq): t.balance_after for t in StockTransaction.objects.all()}
    entries = list(Entry.objects.select_related("line").order_by("line", "seq"))
    assert len(entries) == 2 * 25 * 3
    for entry in entries:
        assert entry.on_hand == book[entry.line.level_id, entry.book_seq]
        earlier = StockTransaction.objects.filter(level=entry.line.level_id, seq=entry.book_seq)
        later = StockTransaction.objects.filter(level=entry.line.level_id, seq=entry.book_seq + 1)
        assert earlier.get().created_at <= entry.at
        assert not later.filter(created_at__lt=entry.at).exists()
    assert set(Line.objects.values_list("latest__counted")) == {(50,)}
    assert [entry.seq for entry in entries] == [*range(1, 51)] * 3


def test_a_product_found_by_two_at_once_gets_one_line() -> None:
    product, shelves = stocked(0, places=2)
    count = opened()
    acts = orders(count, product, shelves, 10, "count", "count", "count")
    assert at_once("tests.inventory.counter", acts) == [["ok"] * 10] * 3
    assert list(Line.objects.values_list("latest__counted", "is_found")) == [(30, True)] * 2


def test_posted_by_several_at_once_while_stock_moves_it_is_posted_once() -> None:
    product, shelves = stocked(5)
    count = opened()
    told(count, quantity=7)
    acts = orders(count, product, shelves, 10, "post", "post", "post", "move")
    assert at_once("tests.inventory.counter", acts) == [["ok"] * 10] * 4
    batch = Batch.objects.get(kind="count")
    count.refresh_from_db()
    assert count.batch == batch
    assert StockLevel.objects.get(product=product).on_hand == 5 + 10 + 2
    assert verify().differences == 0


def test_what_is_counted_while_it_is_posted_is_in_the_batch_or_refused() -> None:
    product, shelves = stocked(5)
    count = opened()
    told(count, quantity=0)
    acts = orders(count, product, shelves, 20, "count", "count", "post")
    *counted, posted = at_once("tests.inventory.counter", acts)
    assert posted == ["ok"] * 20
    ends = [end for each in counted for end in each]
    assert set(ends) <= {"ok", "count_closed"}
    entries = Entry.objects.order_by("seq")
    assert len(entries) == 1 + ends.count("ok")
    assert StockLevel.objects.get(product=product).on_hand == entries[len(entries) - 1].counted
    assert verify().differences == 0
