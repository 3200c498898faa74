"""A file with more adjusted or written off than one person may write: the preview foresees it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.imports import importer
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person
from tests.inventory.importing import imported
from tests.inventory.waiting import threshold

pytestmark = pytest.mark.django_db

HEADER = "sku,kind,quantity,unit cost,reason,reference"


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops at 10.00 each."""
    facts = {"product_id": laptop.pk, "location_id": shelf.pk, "quantity": 10}
    movement = ledger.Movement(kind=Kind.RECEIPT, unit_cost=Decimal(10), **facts)  # type: ignore[arg-type]
    ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())
    return shelf


def rows(*moves: str, sku: str = "NB-LEN-T14") -> list[str]:
    """A file of moves such as “write_off 3”, or “receipt 3 12.50” with a cost."""
    lines = [[*move.split(" "), ""][:3] for move in moves]
    reasons = {"write_off": "Lost", "adjustment": "Found"}
    return [
        HEADER,
        *(
            f"{sku},{kind},{quantity},{cost},{reasons.get(kind, '')},{n}"
            for n, (kind, quantity, cost) in enumerate(lines)
        ),
    ]


def looked_at(*lines: str) -> tuple[list[int], list[Outcome]]:
    """Look at a file; return which of its rows are refused, from 1, and what becomes of all."""
    _, outcomes = imported(*lines, kind="movements", commit=False)
    refused = [outcome.line - 1 for outcome in outcomes if outcome.result is Result.REFUSED]
    return refused, outcomes


def test_where_nobody_may_write_off_alone_the_first_row_is_refused(full: Location) -> None:
    with threshold(0, None):
        refused, outcomes = looked_at(*rows("receipt 5", "write_off 1", "issue 1"))
    assert refused == [2]
    sentence = "More than 0 units adjusted or written off need another person."
    assert outcomes[1].note == sentence


def test_what_is_worth_too_much_is_named_at_its_row(full: Location) -> None:
    with threshold(None, Decimal(50)):
        refused, outcomes = looked_at(*rows("write_off 3", "adjustment 2", "write_off 1"))
    assert refused == [3]
    sentence = "More than 50.00\N{NO-BREAK SPACE}EUR adjusted or written off needs another person."
    assert outcomes[2].note == sentence


def test_without_thresholds_anything_goes(full: Location) -> None:
    with threshold(None, None):
        assert looked_at(*rows("write_off 10", "adjustment 1000"))[0] == []


MOVES = ("receipt 10 10", "receipt 3 99.9999", "write_off 4", "issue 9", "receipt 7 0.3333",
         "adjustment -2", "write_off 5", "receipt 1", "adjustment 6", "issue 3",
         "write_off 3")  # fmt: skip
"""Empties the shelf on the way, so that the average outlives the stock."""


@pytest.mark.parametrize("chunk", [1, 4, 100])
def test_the_worth_foreseen_is_the_worth_written_to_the_last_decimal(
    shelf: Location, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(importer, "CHUNK", chunk)
    Product.objects.bulk_create([Product(sku=sku, name=sku) for sku in ("ONE", "TWO", "SIX")])
    with threshold(None, None):
        imported(*rows(*MOVES, sku="ONE"), kind="movements")
    written = StockTransaction.objects.filter(kind__in=["adjustment", "write_off"])
    values: list[Decimal] = [line.value for line in written if line.value]
    worth = sum(map(abs, values), Decimal(0))
    assert worth > 100
    with threshold(None, worth):
        assert looked_at(*rows(*MOVES, sku="TWO"))[0] == []
        assert imported(*rows(*MOVES, sku="TWO"), kind="movements")[0].is_written
    with threshold(None, worth - Decimal("0.0001")):
        assert looked_at(*rows(*MOVES, sku="SIX"))[0] == [len(MOVES)]
