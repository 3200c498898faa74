"""What stock is worth: moving average cost, beside a bookkeeper who reckons for himself."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.models import StockTotal, StockTransaction
from tests.inventory.conftest import person
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db

CENT = Decimal("0.0001")


def moved(
    product: Product, place: Location, kind: Kind, quantity: int, cost: Decimal | None = None
) -> StockTransaction:
    """Record one movement."""
    reason = "Found" if RULES[kind].needs_reason else ""
    facts = {"product_id": product.pk, "location_id": place.pk, "reason": reason}
    movement = ledger.Movement(kind=kind, quantity=quantity, unit_cost=cost, **facts)  # type: ignore[arg-type]
    return ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())


def worth(product: Product) -> tuple[Decimal | int, Decimal | int]:
    """What all of a product is worth, and one unit of it."""
    total = StockTotal.objects.get(product=product)
    return total.value, total.average


@dataclass
class Bookkeeper:
    """Units, what they are worth together, and the average that new ones without a price get."""

    units: int = 0
    value: Decimal = Decimal(0)
    average: Decimal = Decimal(0)
    added: dict[int, Decimal] = field(default_factory=dict)

    def write(self, line: StockTransaction) -> None:
        """Take a line down; the last unit takes all that is left, and nothing is below nothing."""
        if line.reverses_id:
            worth = -self.added[line.reverses_id]
        else:
            price = self.average if line.unit_cost is None else line.unit_cost
            worth = (line.quantity * price).quantize(CENT, ROUND_HALF_UP)
        self.units += line.quantity
        worth = -self.value if self.units == 0 else max(worth, -self.value)
        self.value += worth
        self.added[line.pk] = worth
        if self.units:
            exact = self.value / self.units
            self.average = exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def test_a_price_below_nothing_is_refused(laptop: Product, shelf: Location) -> None:
    with pytest.raises(refusals.NotAllowedHere):
        moved(laptop, shelf, Kind.RECEIPT, 1, Decimal(-1))
    assert worth(laptop) == (0, 0)


def test_receipts_at_different_prices_average_and_issues_leave_at_that(
    laptop: Product, shelf: Location
) -> None:
    moved(laptop, shelf, Kind.RECEIPT, 10, Decimal(100))
    moved(laptop, shelf, Kind.RECEIPT, 30, Decimal(200))
    assert worth(laptop) == (7000, 175)
    assert moved(laptop, shelf, Kind.ISSUE, -4).value == -700
    assert moved(laptop, shelf, Kind.RETURN, 1).value == 175
    assert moved(laptop, shelf, Kind.ADJUSTMENT, -1).value == -175
    assert worth(laptop) == (36 * 175, 175)


def test_the_average_is_of_all_places_together(laptop: Product, shelf: Location) -> None:
    moved(laptop, shelf, Kind.RECEIPT, 1, Decimal(100))
    moved(laptop, Location.objects.create(code="B1"), Kind.RECEIPT, 1, Decimal(300))
    assert moved(laptop, shelf, Kind.ISSUE, -1).value == -200


def test_an_undo_gives_back_what_the_line_added_and_not_what_it_would_cost_today(
    laptop: Product, shelf: Location
) -> None:
    dear = moved(laptop, shelf, Kind.RECEIPT, 10, Decimal(300))
    moved(laptop, shelf, Kind.RECEIPT, 10, Decimal(100))
    out = moved(laptop, shelf, Kind.ISSUE, -5)
    moved(laptop, shelf, Kind.RECEIPT, 5, Decimal(900))
    for line, given_back in ((out, 1000), (dear, -3000)):
        undo = ledger.reverse(line.pk, actor=person(Role.MANAGER), key=uuid4())
        assert undo.value == given_back
    assert worth(laptop)[0] == 10 * 100 + 5 * 900
    assert_sound()


def test_thirds_leave_no_dust_once_the_last_unit_is_gone(laptop: Product, shelf: Location) -> None:
    moved(laptop, shelf, Kind.RECEIPT, 3, Decimal("0.3333"))
    moved(laptop, shelf, Kind.RECEIPT, 4, Decimal("0.0001"))
    for _ in range(7):
        moved(laptop, shelf, Kind.ISSUE, -1)
    assert worth(laptop)[0] == 0
    assert worth(laptop)[1] > 0  # what came back now would be worth that
    assert_sound()


KINDS = st.sampled_from([Kind.RECEIPT, Kind.RECEIPT, Kind.ISSUE, Kind.ADJUSTMENT, Kind.RETURN])
PRICES = st.one_of(st.none(), st.decimals(0, 9_999, places=4))
ACTS = st.lists(
    st.tuples(KINDS, st.integers(1, 30), st.sampled_from([-1, 1]), PRICES, st.integers(0, 3)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_the_ledger_and_the_bookkeeper_agree_to_the_last_digit(
    laptop: Product, shelf: Location, acts: list[tuple[Kind, int, int, Decimal | None, int]]
) -> None:
    book, written = Bookkeeper(), list[StockTransaction]()
    with transaction.atomic():
        for kind, units, sign, price, back in acts:
            cost = price if kind is Kind.RECEIPT else None
            try:
                if back == 0 and written:
                    last = written.pop(units % len(written))
                    line = ledger.reverse(last.pk, actor=person(Role.MANAGER), key=uuid4())
                else:
                    line = moved(laptop, shelf, kind, units * (RULES[kind].sign or sign), cost)
                    written.append(line)
            except refusals.InsufficientStock:
                continue
            book.write(line)
            assert line.value == book.added[line.pk]
            assert worth(laptop) == (book.value, book.average)
        transaction.set_rollback(True)
