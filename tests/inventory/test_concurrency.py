"""Many at once, as real processes on a real PostgreSQL: nothing lost, nothing counted twice."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import receive
from tests.inventory.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def moved_at_once(
    product: Product,
    places: list[Location],
    quantity: int,
    *,
    processes: int,
    threads: int,
    times: int = 1,
    key: UUID | None = None,
) -> list[str]:
    """Let processes x threads do the same at the same moment; return how each movement ended."""
    order: dict[str, Any] = {
        "key": key and str(key),
        "product": product.pk,
        "quantity": quantity,
        "threads": threads,
        "times": times,
    }
    ids = [place.pk for place in places]
    orders = [order | {"places": ids if n % 2 else ids[::-1]} for n in range(processes)]
    return [end for ends in at_once("tests.inventory.mover", orders) for end in ends]


def stocked(units: int, places: int = 1) -> tuple[Product, list[Location]]:
    """Make a product of its own with `units` at each of some places."""
    name = uuid4().hex[:12]
    product = Product.objects.create(sku=f"RACE-{name}", name="Hot product")
    shelves = [Location.objects.create(code=f"R-{name}-{n}") for n in range(places)]
    if units:
        for shelf in shelves:
            receive(product, shelf, units)
    return product, shelves


def test_fifty_concurrent_issues_of_the_last_ten_units_end_in_exactly_ten_successes() -> None:
    product, shelves = stocked(10)
    ends = moved_at_once(product, shelves, -1, processes=5, threads=10)
    assert Counter(end.split()[0] for end in ends) == {"ok": 10, "insufficient_stock": 40}
    assert StockLevel.objects.get(product=product).on_hand == 0
    assert StockTransaction.objects.filter(level__product=product).count() == 11


def test_thirty_concurrent_posts_of_one_key_count_once_and_get_the_same_line() -> None:
    product, shelves = stocked(0)
    ends = moved_at_once(product, shelves, +1, processes=3, threads=10, key=uuid4())
    assert len(ends) == 30
    assert len(set(ends)) == 1
    assert StockLevel.objects.get(product=product).on_hand == 1


def test_batches_over_the_same_places_in_opposite_order_never_deadlock() -> None:
    product, shelves = stocked(0, places=6)
    ends = moved_at_once(product, shelves, +1, processes=2, threads=4, times=10)
    assert ends == ["ok"] * 80
    levels = StockLevel.objects.filter(product=product)
    assert {level.on_hand for level in levels} == {80}
    assert verify().differences == 0
