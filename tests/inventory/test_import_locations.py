"""Importing locations: what is refused, row by row, and what a row changes."""

import pytest

from inventory_site.imports.outcomes import Result, Rows
from inventory_site.products.models import Location
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db

HEADER = "code,name,parent"
GOOD = "ROOM,Room,"


def refusal(*lines: str) -> str:
    """What is said of the last line, while the others are good."""
    summary, rows = imported(HEADER, *lines, kind="locations")
    assert not summary.is_written
    assert [row.result is Result.REFUSED for row in rows] == [False] * (len(rows) - 1) + [True]
    return rows[-1].note


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("A 1/2", "Use letters, digits, “.”, “-” and “_” only, at most 64 characters."),
        ("New", "“New” is reserved. Choose another code."),
        ("..", "“..” is reserved. Choose another code."),
        ("", "Use letters, digits, “.”, “-” and “_” only, at most 64 characters."),
    ],
)
def test_a_code_that_can_be_none_is_refused_in_its_row_alone(
    db: None, code: str, sentence: str
) -> None:
    lines = GOOD, f"{code},Rack,ROOM"
    assert refusal(*lines) == f"“{code}”: {sentence}"
    summary, _ = imported(HEADER, *lines, kind="locations", rows=Rows.GOOD)
    assert (summary.created, summary.refused) == (1, 1)
    assert [place.code for place in Location.objects.all()] == ["ROOM"]


def test_a_code_that_a_spreadsheet_has_damaged_is_refused(db: None) -> None:
    assert "its last digits are gone" in refusal(GOOD, "6.37702E+15,Rack,ROOM")


def test_the_same_code_twice_is_refused_whatever_its_case(db: None) -> None:
    assert refusal(GOOD, "room,Another,") == "Line 2 has the same code."


def test_a_parent_that_nobody_knows_or_that_comes_later_is_refused(db: None) -> None:
    unknown = "There is no location “HALL”, here or in an earlier line."
    assert refusal(GOOD, "RACK,Rack,HALL") == unknown
    _, rows = imported(HEADER, "RACK,Rack,hall", "HALL,Hall,", kind="locations")
    assert [row.result for row in rows] == [Result.REFUSED, Result.CREATED]
    assert "There is no location “hall”" in rows[0].note


def test_nothing_becomes_a_part_of_itself_however_long_the_way(db: None) -> None:
    itself = "It would be a part of itself."
    assert refusal(GOOD, "RACK,Rack,rack").startswith("There is no location “rack”")
    imported(HEADER, GOOD, "RACK,Rack,ROOM", "BIN,Bin,RACK", kind="locations")
    assert refusal("rack,,RACK") == itself
    assert refusal("ROOM,,BIN") == itself
    assert refusal("SHELF,Shelf,BIN", "ROOM,,SHELF") == itself
    assert Location.objects.get(code="ROOM").parent is None


def test_an_empty_cell_changes_nothing_and_a_change_is_told(db: None) -> None:
    imported(HEADER, GOOD, "HALL,Hall,", "RACK,Rack,ROOM", kind="locations")
    summary, rows = imported(HEADER, "RACK,,", "rack-2,,HALL", kind="locations")
    assert (summary.unchanged, summary.created) == (1, 1)
    summary, rows = imported(HEADER, "rack,Big rack,hall", kind="locations")
    assert summary.changed == 1
    assert rows[0].note == ("name “Rack” there, “Big rack” here; part of “ROOM” there, “HALL” here")
    rack = Location.objects.get(code="RACK")
    assert (rack.name, rack.parent) == ("Big rack", Location.objects.get(code="HALL"))
