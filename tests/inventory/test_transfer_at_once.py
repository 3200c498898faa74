"""Transfers in opposite directions at once: nobody waits in a circle, nothing is lost."""

from collections import Counter

import pytest

from inventory_site.stock.models import Batch, StockTotal
from tests.inventory.counting import on_hand
from tests.inventory.processes import at_once
from tests.inventory.soundness import assert_sound
from tests.inventory.test_concurrency import stocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_units_that_go_both_ways_at_once_all_arrive() -> None:
    product, (here, there) = stocked(3, places=2)
    there_and_back = {"product": product.pk, "here": here.pk, "there": there.pk, "times": 100}
    back = there_and_back | {"here": there.pk, "there": here.pk}
    outcomes: Counter[str] = Counter()
    for each in at_once("tests.inventory.transferrer", [there_and_back, back] * 2):
        outcomes.update(each)
    assert set(outcomes) <= {"ok", "insufficient_stock"}
    assert outcomes["ok"] == Batch.objects.count() > 0
    assert on_hand(product, here) + on_hand(product, there) == 6
    assert StockTotal.objects.get(product=product).on_hand == 6
    assert_sound()
