"""Many who reserve, issue and release at once, as real processes: never more than there is."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Reservation, StockTransaction
from tests.inventory.holding import hold, stand
from tests.inventory.processes import at_once
from tests.inventory.soundness import assert_sound
from tests.inventory.test_concurrency import stocked

pytestmark = pytest.mark.django_db(transaction=True)


def together(
    product: Product, place: Location, *acts: str, processes: int = 4, **changes: Any
) -> Counter[str]:
    """Let processes do these acts at random at one place; return how they ended, all together."""
    order = {
        "product": product.pk,
        "place": place.pk,
        "acts": acts,
        "times": 1,
        "key": "",
        "who": 1,
    }
    orders = [order | {"seed": n} | changes for n in range(processes)]
    outcomes: Counter[str] = Counter()
    for each in at_once("tests.inventory.holder", orders):
        outcomes.update(each)
    return outcomes


def test_of_many_who_reserve_the_last_units_only_as_many_get_them_as_there_are() -> None:
    product, (place,) = stocked(10)
    outcomes = together(product, place, "reserve", times=4)
    assert outcomes["reserve"] + outcomes["insufficient_stock"] == 16
    held = Reservation.objects.aggregate(units=Sum("left_over"))["units"]
    assert stand(product, place) == (10, held, 10 - held)
    assert held == 10


def test_one_form_sent_by_eight_at_once_holds_once() -> None:
    product, (place,) = stocked(10)
    outcomes = together(product, place, "reserve", key=str(uuid4()), processes=8)
    assert outcomes == {"reserve": 8}
    assert Reservation.objects.count() == 1
    assert stand(product, place) == (10, 2, 8)


def test_a_reservation_that_many_hand_out_and_release_at_once_ends_once() -> None:
    """What was handed out, and what was let go, add up to what was held; no unit does both."""
    product, (place,) = stocked(30)
    held = hold(product, place, 30)
    outcomes = together(product, place, "issue", "issue", "issue", "release", times=3)
    assert not [end for end in outcomes if end.startswith("fault")]
    held.refresh_from_db()
    issued = -(
        StockTransaction.objects.filter(quantity__lt=0).aggregate(n=Sum("quantity"))["n"] or 0
    )
    assert stand(product, place) == (30 - issued, held.left_over, 30 - issued - held.left_over)
    assert_sound()


def test_after_everything_at_random_what_is_held_is_there() -> None:
    product, (place,) = stocked(12)
    outcomes = together(
        *(product, place, "reserve", "reserve", "issue", "issue", "receive", "release"),
        times=40,
        processes=8,
    )
    assert outcomes.total() == 320
    assert not [end for end in outcomes if end.startswith("fault")]
    assert set(outcomes) >= {"reserve", "issue", "receive", "release", "insufficient_stock"}
    on_hand, reserved, available = stand(product, place)
    assert 0 <= reserved <= on_hand
    held = (
        Reservation.objects.filter(closed_at=None).aggregate(units=Sum("left_over"))["units"] or 0
    )
    assert (held, available) == (reserved, on_hand - reserved)
    assert_sound()
