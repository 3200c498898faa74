"""What went wrong elsewhere when many did the same at once; here by real processes."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.stock import reservations
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import person
from tests.inventory.soundness import assert_sound
from tests.inventory.test_concurrency import moved_at_once, stocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_who_take_the_last_one_exactly_one_gets_it() -> None:
    """snipe-it#3765: two browsers take the same last seat; the second overwrites the first."""
    product, shelves = stocked(1)
    ends = moved_at_once(product, shelves, -1, processes=2, threads=4)
    assert Counter(end.split()[0] for end in ends) == {"ok": 1, "insufficient_stock": 7}
    assert StockLevel.objects.get(product=product).on_hand == 0


def test_one_form_sent_many_times_at_once_counts_once() -> None:
    """snipe-it#10049, #3119: submit clicked repeatedly: one accessory becomes −9 available."""
    product, shelves = stocked(1)
    ends = moved_at_once(product, shelves, -1, processes=2, threads=5, key=uuid4())
    assert len(set(ends)) == 1
    assert ends[0].startswith("ok ")
    assert StockLevel.objects.get(product=product).on_hand == 0


def test_what_is_held_for_one_order_is_not_consumed_by_another() -> None:
    """InvenTree#12718, #12478: races over-consume; the lock was on the order, not on the stock."""
    product, shelves = stocked(10)
    reservations.reserve(
        product_id=product.pk,
        location_id=shelves[0].pk,
        quantity=6,
        recipient="Ana",
        until=date.max,
        actor=person(Role.OPERATOR),
        key=uuid4(),
    )
    ends = moved_at_once(product, shelves, -1, processes=2, threads=6)
    assert Counter(end.split()[0] for end in ends) == {"ok": 4, "insufficient_stock": 8}
    level = StockLevel.objects.get(product=product)
    assert (level.on_hand, level.reserved) == (6, 6)


def test_every_running_balance_follows_from_the_one_before() -> None:
    """erpnext#51562, #25779: simultaneous submits give a wrong running balance."""
    product, shelves = stocked(0)
    moved_at_once(product, shelves, +1, processes=3, threads=4, times=10)
    lines = StockTransaction.objects.filter(product=product).order_by("seq")
    assert list(lines.values_list("balance_after", flat=True)) == list(range(1, 121))


def test_concurrent_updates_are_the_sum_of_the_moves() -> None:
    """odoo#55494, #32434: concurrent updates ≠ sum of moves."""
    product, shelves = stocked(40, places=2)
    moved_at_once(product, shelves, -1, processes=2, threads=4, times=3)
    moves = StockTransaction.objects.filter(product=product).values_list("quantity", flat=True)
    levels = StockLevel.objects.filter(product=product).values_list("on_hand", flat=True)
    assert sum(moves) == sum(levels) == 2 * (40 - 24)


def test_the_same_units_are_not_handed_out_twice() -> None:
    """shelf.nu#2924: the same units handed out twice."""
    product, shelves = stocked(5)
    ends = moved_at_once(product, shelves, -5, processes=2, threads=3)
    assert Counter(end.split()[0] for end in ends) == {"ok": 1, "insufficient_stock": 5}
    assert_sound()
