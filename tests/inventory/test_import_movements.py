"""Importing movements, opening stock and counts: what is refused, with its sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory_site.imports.outcomes import Result
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.holding import hold
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db

MOVEMENTS = "sku,kind,quantity,reason,date,supplier,recipient"
OPENING = "sku,location,quantity"
COUNTS = "sku,location,counted"
NOBODY = "There is no product with the SKU “GHOST”."
NOWHERE = "There is no location “Z9”."
FUTURE = (timezone.now() + timedelta(days=3)).date().isoformat()


@pytest.fixture
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops."""
    receive(laptop, shelf, 10)
    return shelf


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("NB-LEN-T14,issue,11,,,,", "Not enough stock: only 10 available."),
        ("NB-LEN-T14,adjustment,101,Found,,,",
         "More than 100 units adjusted or written off need another person."),
        ("NB-LEN-T14,write_off,1,,,,", "A movement of this kind needs a reason."),
        ("NB-LEN-T14,receipt,-1,,,,", "A movement of this kind needs a quantity above 0."),
        ("NB-LEN-T14,issue,0,,,,", "A movement of this kind needs a quantity above 0."),
        ("NB-LEN-T14,,1,,,,", "Say what kind of movement it is."),
        ("NB-LEN-T14,issue,1,,,Acme,", "A movement of this kind has no “supplier”."),
        ("NB-LEN-T14,receipt,1,,,,Otto", "A movement of this kind has no “recipient”."),
        (f"NB-LEN-T14,receipt,1,,{FUTURE},,", "It cannot have been in the future."),
        ("GHOST,receipt,1,,,,", NOBODY),
    ],
)  # fmt: skip
def test_a_movement_that_cannot_be_is_refused(full: Location, row: str, sentence: str) -> None:
    summary, rows = imported(MOVEMENTS, row, "NB-LEN-T14,receipt,1,,,,", kind="movements")
    assert [row.result for row in rows] == [Result.REFUSED, Result.CREATED]
    assert rows[0].note == sentence
    assert not summary.is_written
    assert StockTransaction.objects.count() == 1


def test_a_kind_that_nobody_knows_is_refused_with_those_that_are_known(full: Location) -> None:
    _, (row,) = imported(MOVEMENTS, "NB-LEN-T14,teleport,1,,,,", kind="movements")
    assert row.result is Result.REFUSED
    assert "“teleport” is not one of: receipt" in row.note


def test_half_of_a_transfer_becomes_what_it_is_here_and_says_so(
    laptop: Product, full: Location
) -> None:
    rows = ["NB-LEN-T14,transfer,-4,,,,", "NB-LEN-T14,reversal,3,Undone,,,"]
    summary, outcomes = imported(MOVEMENTS, *rows, kind="movements")
    assert [outcome.note for outcome in outcomes] == [
        "Recorded as “Issue”, because its other half is elsewhere.",
        "Recorded as “Return”, because its other half is elsewhere.",
    ]
    assert summary.noted == 2
    written = StockTransaction.objects.filter(batch=summary.batch_id).order_by("id")
    assert [(line.kind, line.quantity, line.reason) for line in written] == [
        ("issue", -4, "Transfer"),
        ("return", 3, "Undone"),
    ]
    assert on_hand(laptop, full) == 9


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["NB-LEN-T14,B2,7", "nb-len-t14,b2,8"],
         "Line 2 has the same product at the same place."),
        (["NB-LEN-T14,A1-03,7"],
         "There are 10 already, with a history: correct it by a count."),
        (["NB-LEN-T14,Z9,7"], NOWHERE),
        (["NB-LEN-T14,,7"], "Say where these units are: give the row a location."),
        (["GHOST,B2,7"], NOBODY),
    ],
)  # fmt: skip
def test_opening_stock_that_cannot_be_is_refused(
    full: Location, rows: list[str], sentence: str
) -> None:
    Location.objects.create(code="B2")
    summary, outcomes = imported(OPENING, *rows, kind="opening")
    assert (summary.refused, outcomes[-1].note) == (1, sentence)
    assert not summary.is_written


def test_another_opening_stock_of_the_same_place_is_refused(
    laptop: Product, shelf: Location
) -> None:
    imported(OPENING, "NB-LEN-T14,A1-03,7", kind="opening")
    _, (row,) = imported(OPENING, "NB-LEN-T14,A1-03,9", kind="opening")
    assert row.note == "Its opening stock is 7 already: correct it by a count."
    assert on_hand(laptop, shelf) == 7


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["NB-LEN-T14,A1-03,7", "nb-len-t14,a1-03,8"],
         "Line 2 has the same product at the same place."),
        (["NB-LEN-T14,A1-03,"], "Say how many were counted; nothing is not 0 here."),
        (["NB-LEN-T14,A1-03,3"], "4 of the 10 in the book are reserved."),
        (["NB-LEN-T14,Z9,7"], NOWHERE),
        (["GHOST,A1-03,7"], NOBODY),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_is_refused(
    laptop: Product, full: Location, rows: list[str], sentence: str
) -> None:
    hold(laptop, full, 4)
    summary, outcomes = imported(COUNTS, *rows, kind="counts")
    assert (summary.refused, outcomes[-1].note) == (1, sentence)
    assert on_hand(laptop, full) == 10
