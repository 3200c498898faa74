"""What waits for a second person, and what is not caught."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, refusals
from inventory_site.stock.kinds import RULES, BatchKind, Kind
from inventory_site.stock.models import Batch, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import on_hand
from tests.inventory.waiting import ask, ask_batch, asked, threshold, waiting

pytestmark = pytest.mark.django_db

OTTO, MARINA = person(Role.OPERATOR), person(Role.MANAGER)


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops at 10.00 each."""
    facts = {"product_id": laptop.pk, "location_id": shelf.pk, "quantity": 500}
    movement = ledger.Movement(kind=Kind.RECEIPT, unit_cost=Decimal(10), **facts)  # type: ignore[arg-type]
    ledger.record(movement, actor=MARINA, key=uuid4())
    return shelf


def test_the_database_has_the_thresholds_of_the_settings(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT approve_units, approve_value FROM stock_policy")
        assert cursor.fetchone() == (settings.APPROVAL_UNITS, settings.APPROVAL_VALUE)
    assert settings.APPROVAL_UNITS == 100


@pytest.mark.parametrize(
    ("kind", "quantity"), [(Kind.WRITE_OFF, -1), (Kind.ADJUSTMENT, -1), (Kind.ADJUSTMENT, +1)]
)
def test_more_units_than_the_threshold_wait(
    laptop: Product, full: Location, kind: Kind, quantity: int
) -> None:
    assert isinstance(ask(asked(laptop, full, quantity * 100, kind)), StockTransaction)
    before = on_hand(laptop, full)
    act = waiting(asked(laptop, full, quantity * 101, kind))
    assert (act.units, act.value, act.created_by) == (101, Decimal(1010), OTTO)
    assert on_hand(laptop, full) == before


def test_what_the_table_of_kinds_does_not_name_needs_nobody(
    laptop: Product, full: Location
) -> None:
    assert {kind for kind in Kind if RULES[kind].needs_approval} == {
        Kind.ADJUSTMENT,
        Kind.WRITE_OFF,
    }
    for kind in (Kind.ISSUE, Kind.RECEIPT, Kind.RETURN, Kind.COUNT):
        quantity = 150 * (RULES[kind].sign or -1)
        assert isinstance(ask(asked(laptop, full, quantity, kind, reason="")), StockTransaction)


def test_more_worth_than_the_threshold_waits(laptop: Product, full: Location) -> None:
    with threshold(None, Decimal(1000)):
        assert isinstance(ask(asked(laptop, full, -100)), StockTransaction)
        act = waiting(asked(laptop, full, -101))
        assert act.value == Decimal(1010)
    with threshold(None, None):
        assert isinstance(ask(asked(laptop, full, -400)), StockTransaction)
        with pytest.raises(refusals.KeyReused):  # the form that waits for somebody waits on
            ask(asked(laptop, full, 1, Kind.RECEIPT), key=act.idempotency_key)


def test_what_cost_nothing_is_weighed_by_units_alone(shelf: Location) -> None:
    gift = Product.objects.create(sku="GIFT", name="Gift")
    receive(gift, shelf, 500)
    with threshold(None, Decimal(0)):
        assert isinstance(ask(asked(gift, shelf, -400)), StockTransaction)


def test_of_a_batch_all_lines_count_together_whatever_their_sign(
    laptop: Product, full: Location
) -> None:
    """Neither many small lines nor a plus beside a minus get below the threshold."""
    small = [asked(laptop, full, -21) for _ in range(5)]
    assert waiting(*small).units == 105
    down, up = (asked(laptop, full, n, Kind.ADJUSTMENT) for n in (-60, 60))
    assert waiting(down, up).units == 120
    out = asked(laptop, full, -400, Kind.ISSUE, reason="")
    assert isinstance(ask_batch(out, asked(laptop, full, -100)), Batch)


def test_of_a_batch_that_grows_call_by_call_all_lines_count_together(
    laptop: Product, full: Location
) -> None:
    part = [asked(laptop, full, -60)]
    with pytest.raises(refusals.ApprovalNeeded), transaction.atomic():
        batch = ledger.open_batch(
            BatchKind.IMPORT, [laptop.pk], actor=OTTO, key=uuid4(), digest=b"1"
        )
        ledger.extend_batch(batch, part)
        ledger.extend_batch(batch, part)
    assert on_hand(laptop, full) == 500


def test_several_acts_below_the_threshold_are_not_taken_for_one(
    laptop: Product, full: Location
) -> None:
    """What four eyes do not catch: an act cut into several, each on its own. The history shows it.

    Nor is an undo looked at: it restores what two people, or one, had done.
    """
    for _ in range(3):
        line = ask(asked(laptop, full, -100))
        assert isinstance(line, StockTransaction)
    assert on_hand(laptop, full) == 200
    large = approvals.approve(waiting(asked(laptop, full, -150)).pk, actor=MARINA)
    ledger.reverse(large.transactions.get().pk, actor=OTTO, key=uuid4())
    assert on_hand(laptop, full) == 200
