"""Several people who decide about the same acts at once, as real processes: each once."""

from collections import Counter
from typing import Any

import pytest

from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Approval, StockTransaction
from tests.inventory.counting import on_hand
from tests.inventory.processes import at_once
from tests.inventory.soundness import assert_sound
from tests.inventory.test_concurrency import stocked
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db(transaction=True)

ACTS = 15


def waiting_acts(product: Product, place: Location) -> list[int]:
    """Several acts that wait, half of them of two lines."""
    line = asked(product, place, -101)
    return [waiting(*[line] * (1 + n % 2)).pk for n in range(ACTS)]


def decided(*orders: dict[str, Any]) -> Counter[str]:
    """Let people decide at the same moment; return how it ended for all of them together."""
    outcomes: Counter[str] = Counter()
    for each in at_once("tests.inventory.decider", list(orders)):
        outcomes.update(each)
    return outcomes


def test_two_who_approve_at_once_let_each_act_happen_once() -> None:
    product, (place,) = stocked(ACTS * 202)
    acts = waiting_acts(product, place)
    people = [{"acts": acts, "approves": True, "who": who} for who in (8, 9, 9)]
    assert decided(*people) == {"ok": ACTS, "already_decided": 2 * ACTS}
    units = sum(Approval.objects.values_list("units", flat=True))
    assert on_hand(product, place) == ACTS * 202 - units
    assert_sound()


def test_who_approves_and_who_refuses_at_once_leave_one_answer() -> None:
    product, (place,) = stocked(ACTS * 202)
    acts = waiting_acts(product, place)
    yes, no = ({"acts": acts, "approves": approves, "who": 8 + approves} for approves in (1, 0))
    assert decided(yes, no) == {"ok": ACTS, "already_decided": ACTS}
    for act in Approval.objects.all():
        assert act.transactions.exists() == bool(act.approved_by) == (not act.refused_by)


def test_of_acts_that_the_stock_suffices_for_once_one_happens() -> None:
    product, (place,) = stocked(150)
    acts = [waiting(asked(product, place, -101)).pk for _ in range(4)]
    people = [{"acts": acts[::way], "approves": True, "who": 8 + way} for way in (1, -1)]
    outcomes = decided(*people)
    assert outcomes["ok"] == 1
    assert set(outcomes) <= {"ok", "already_decided", "insufficient_stock"}
    assert on_hand(product, place) == 49
    assert StockTransaction.objects.filter(kind=Kind.WRITE_OFF).count() == 1
    assert Approval.objects.filter(decided_at=None).count() == 3
