"""Which SKU an imported row gets."""

import pytest

from inventory_site.imports.outcomes import Result, Rows
from inventory_site.products.models import Manufacturer, Product
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sku", ["a b", "new", "..", "é", "x" * 65, "a/b"])
def test_a_sku_that_cannot_be_one_is_refused(sku: str) -> None:
    _, (row,) = imported("sku,name", f"{sku},A")
    assert row.result is Result.REFUSED
    assert row.note.startswith("SKU “")


def test_a_sku_that_comes_twice_is_refused_naming_the_earlier_line() -> None:
    _, rows = imported("sku,name", "ab-1,One", "cd-2,Two", "AB-1,Three")
    assert [row.result for row in rows] == ["created", "created", "refused"]
    assert rows[2].note == "Line 2 has the SKU AB-1 already."


def test_a_sku_of_another_product_is_refused_saying_what_differs() -> None:
    Product.objects.create(sku="AB-1", name="One", part_number="P1")
    _, (row,) = imported("sku,name,maker,mpn", "ab-1,Two,Acme,p1")
    assert row.result is Result.REFUSED
    assert row.note == (
        "The SKU ab-1 belongs to another product:"
        " name “One” there, “Two” here; manufacturer “” there, “Acme” here."
    )


def test_a_row_without_anything_to_make_a_sku_of_is_refused() -> None:
    _, rows = imported("name", "電話", "New", "///")
    assert [row.note for row in rows] == ["No SKU can be made from this row; give it one."] * 3


def test_after_99_of_a_kind_a_file_has_to_bring_skus_of_its_own() -> None:
    summary, rows = imported("name,description", *["Cable,"] * 101)
    assert (summary.created, summary.noted, summary.refused) == (99, 98, 2)
    assert rows[98].code == "CABLE-99"
    assert rows[99].note == ("The SKUs CABLE to CABLE-99 are taken; give this row one of its own.")


@pytest.mark.parametrize(
    ("row", "sku"),
    [
        ("Cisco,Catalyst,C9300-24T", "CISCO-C9300-24T"),
        ("Acme Inc.,x,P/N 5 (b)", "ACME-INC.-P-N-5-B"),
        ("Cisco,Catalyst 9300,", "CISCO-CATALYST-9300"),
        (",Télé #1,", "T-L-1"),
        ("m,x," + "P" * 80, "M-" + "P" * 62),
    ],
)
def test_a_sku_is_made_of_maker_and_part_number_or_name(row: str, sku: str) -> None:
    _, (outcome,) = imported("maker,name,mpn", row)
    assert (outcome.code, outcome.note) == (sku, "")


def test_where_two_collide_a_number_is_appended_and_said() -> None:
    Product.objects.create(sku="x-p2", name="Somebody else's")
    lines = [
        "sku,maker,name,mpn",
        ",X,One,P1",
        ",X,Two,P1",
        "x-p1-3,X,Own,P3",
        ",X,Three,P1",
        ",X,Four,P2",
    ]
    summary, rows = imported(*lines)
    assert [row.code for row in rows] == ["X-P1", "X-P1-2", "x-p1-3", "X-P1-4", "X-P2-2"]
    assert rows[1].note == "SKU X-P1-2, because line 2 took X-P1."
    assert rows[4].note == "SKU X-P2-2, because another product has X-P2."
    assert summary.noted == 3
    again, rows = imported(*lines)
    assert [row.code for row in rows] == ["X-P1", "X-P1-2", "x-p1-3", "X-P1-4", "X-P2-2"]
    assert (again.unchanged, again.noted) == (5, 0)


def test_the_number_fits_into_64_characters() -> None:
    _, rows = imported("name,qty", f"{'y' * 80},", f"{'y' * 80},")
    assert [row.code for row in rows] == ["Y" * 64, "Y" * 62 + "-2"]


def test_the_same_thing_is_told_ignoring_case() -> None:
    maker = Manufacturer.objects.create(name="Ação")
    Product.objects.create(sku="A-O-P1", name="Rádio", manufacturer=maker, part_number="p1")
    _, (row,) = imported("name,maker,mpn", "RÁDIO,AÇÃO,P1")
    assert row.result is Result.UNCHANGED


def test_a_refused_row_keeps_its_sku_so_that_the_mended_file_finds_the_others_there() -> None:
    _, rows = imported("name,min", "Cable,many", "Cable,2", rows=Rows.GOOD)
    assert [(row.result, row.code) for row in rows] == [
        ("refused", "CABLE"),
        ("created", "CABLE-2"),
    ]
    _, rows = imported("name,min", "Cable,1", "Cable,2")
    assert [row.result for row in rows] == ["created", "unchanged"]
