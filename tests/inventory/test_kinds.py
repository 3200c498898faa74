"""The one table of kinds: the database says the same."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import BATCH_LABELS, MAX_QUANTITY, RULES, BatchKind, Kind
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.movement_forms import ASKED
from tests.inventory.conftest import person, receive
from tests.inventory.holding import hold

pytestmark = pytest.mark.django_db

DIALOG = "/products/NB-LEN-T14/transactions/new/?location=A1-03"
BY_ITSELF = [kind for kind in Kind if kind not in {Kind.TRANSFER, Kind.REVERSAL}]
FIELDS = frozenset().union(*(rule.fields for rule in RULES.values()))


@pytest.fixture(autouse=True)
def ten(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops."""
    receive(laptop, shelf, 10)
    return shelf


def filled(field: str, laptop: Product, shelf: Location) -> dict[str, Any]:
    """One field of a movement with something in it, as the ledger takes it."""
    match field:
        case "supplier":
            return {"supplier_id": Supplier.objects.create(name="Acme").pk}
        case "reservation":
            return {"reservation_id": hold(laptop, shelf, 5).pk}
        case "unit_cost":
            return {"unit_cost": Decimal("0.00")}
    return {field: "Ana"}


def is_taken(laptop: Product, shelf: Location, kind: Kind, quantity: int, **changes: Any) -> bool:
    """Whether the database records this by itself; what it refuses, it refuses by rule."""
    facts: dict[str, Any] = {"product_id": laptop.pk, "location_id": shelf.pk, "reason": "Found"}
    movement = ledger.Movement(kind=kind, quantity=quantity, **(facts | changes))
    before = StockTransaction.objects.count()
    try:
        ledger.record(movement, actor=person(Role.ADMIN), key=uuid4())
    except (refusals.NotAllowedHere, refusals.ReservationExceeded):
        assert StockTransaction.objects.count() == before
        return False
    return True


def test_the_table_names_every_kind_and_every_batch() -> None:
    assert set(RULES) == set(Kind)
    assert set(BATCH_LABELS) == set(BatchKind)
    assert set(ASKED) | {Kind.COUNT, Kind.REVERSAL} == set(Kind)


@pytest.mark.parametrize("quantity", [-1, 0, 1])
@pytest.mark.parametrize("kind", BY_ITSELF)
def test_the_database_takes_the_signs_of_the_table(
    laptop: Product, shelf: Location, kind: Kind, quantity: int
) -> None:
    expected = quantity != 0 and RULES[kind].sign in (0, quantity)
    assert is_taken(laptop, shelf, kind, quantity) == expected


@pytest.mark.parametrize("kind", BY_ITSELF)
def test_the_database_takes_quantities_up_to_the_limit(
    laptop: Product, shelf: Location, kind: Kind
) -> None:
    receive(laptop, shelf, MAX_QUANTITY)
    sign = RULES[kind].sign or 1
    few = 1 if RULES[kind].needs_approval else MAX_QUANTITY  # more would wait for a second person
    assert is_taken(laptop, shelf, kind, sign * few)
    receive(laptop, shelf, MAX_QUANTITY)
    assert not is_taken(laptop, shelf, kind, sign * (MAX_QUANTITY + 1))


@pytest.mark.parametrize("kind", BY_ITSELF)
def test_the_database_asks_for_a_reason_where_the_table_does(
    laptop: Product, shelf: Location, kind: Kind
) -> None:
    sign = RULES[kind].sign or 1
    assert is_taken(laptop, shelf, kind, sign, reason="") != RULES[kind].needs_reason


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("kind", BY_ITSELF)
def test_the_database_takes_the_fields_of_the_table_and_no_other(
    laptop: Product, shelf: Location, kind: Kind, field: str
) -> None:
    told = filled(field, laptop, shelf)
    expected = field in RULES[kind].fields
    assert is_taken(laptop, shelf, kind, RULES[kind].sign or -1, **told) == expected


@pytest.mark.parametrize("kind", [Kind.TRANSFER, Kind.REVERSAL])
def test_what_belongs_to_another_line_is_not_recorded_by_itself(
    laptop: Product, shelf: Location, kind: Kind
) -> None:
    assert not is_taken(laptop, shelf, kind, -1)


@pytest.mark.parametrize("kind", BY_ITSELF)
def test_whatever_was_recorded_late_was_not_tomorrow(
    laptop: Product, shelf: Location, kind: Kind
) -> None:
    sign = RULES[kind].sign or 1
    assert is_taken(laptop, shelf, kind, sign, occurred_on=date(1999, 12, 31))
    assert not is_taken(laptop, shelf, kind, sign, occurred_on=date(2999, 12, 31))
