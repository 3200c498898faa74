"""Importing products with opening stock: whole or not at all, once, through the ledger."""

import pytest

from inventory_site.access.roles import Role
from inventory_site.imports import importer
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.outcomes import Rows
from inventory_site.products.models import Category, Location, Manufacturer, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import person
from tests.inventory.importing import imported

HEADER = "name,maker,category,location,quantity,min"
GOOD = ["Cable,Acme,Parts > Cables,a1-03,40,5", "Mouse,ACME,parts>Mice,,3,", "Desk,,,,,"]
BAD = "Lamp,Lumo,Light,Z9,1,"


def nothing_is_there() -> bool:
    models = (Product, Category, Manufacturer, StockLevel, StockTransaction)
    return not any(model.objects.exists() for model in models)


def test_one_refused_row_stops_the_whole(shelf: Location) -> None:
    summary, rows = imported(HEADER, *GOOD, BAD)
    assert not summary.is_written
    assert (summary.created, summary.refused) == (3, 1)
    assert (rows[3].line, rows[3].note) == (5, "There is no location “Z9”.")
    assert nothing_is_there()


def test_a_refusal_far_down_takes_back_what_was_written_before(
    shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "CHUNK", 2)
    summary, _ = imported(HEADER, *GOOD, BAD)
    assert not summary.is_written
    assert nothing_is_there()


def test_a_file_that_breaks_off_takes_back_what_was_written_before(
    shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "CHUNK", 2)
    with pytest.raises(UnreadableFile):
        imported(HEADER, *GOOD, '"')
    assert nothing_is_there()


def test_a_preview_says_what_would_become_of_every_row_and_writes_nothing(shelf: Location) -> None:
    preview, foreseen = imported(HEADER, *GOOD, commit=False)
    assert not preview.is_written
    assert nothing_is_there()
    summary, rows = imported(HEADER, *GOOD)
    assert rows == foreseen
    assert summary.created == preview.created


def test_units_need_a_place(shelf: Location) -> None:
    Location.objects.create(code="B2")
    summary, rows = imported("name,qty", "Cable,1", "Mouse,0")
    assert [row.result for row in rows] == ["refused", "created"]
    assert rows[0].note == "Say where these units are: give the row a location."
    summary, _ = imported("name,qty", "Cable,1", "Mouse,0", default_location=shelf)
    assert summary.is_written
    assert sorted(StockLevel.objects.values_list("on_hand", "location")) == [
        (0, shelf.pk),
        (1, shelf.pk),
    ]


def test_several_problems_of_a_row_are_said_together(shelf: Location) -> None:
    _, (row,) = imported("sku,name,qty,location", "a b,,many,Z9")
    assert row.note.count(".") >= 4
    assert all(word in row.note for word in ("name", "many", "a b", "Z9"))


def test_the_good_rows_alone_are_imported_when_asked_for(shelf: Location) -> None:
    summary, _ = imported(HEADER, *GOOD, BAD, rows=Rows.GOOD)
    assert summary.is_written
    assert (Product.objects.count(), summary.units) == (3, 43)
    assert not Manufacturer.objects.filter(name="Lumo").exists()
    assert not Category.objects.filter(name="Light").exists()


def test_products_come_with_maker_category_and_opening_stock(shelf: Location) -> None:
    imported(HEADER, *GOOD)
    cable, mouse = (Product.objects.get(name=name) for name in ("Cable", "Mouse"))
    assert cable.manufacturer == mouse.manufacturer == Manufacturer.objects.get(name="Acme")
    branches = Category.objects.values_list("name", "parent__name", "product__name")
    assert set(branches) == {
        ("Parts", None, None),
        ("Cables", "Parts", "Cable"),
        ("Mice", "Parts", "Mouse"),
    }
    assert cable.reorder_point == 5
    line = StockTransaction.objects.get(level__product=cable)
    assert (line.kind, line.quantity, line.balance_after) == ("receipt", 40, 40)
    assert (line.reason, line.reference) == ("Opening stock", "list.csv")
    assert (line.actor, line.level.location) == (person(Role.MANAGER), shelf)
    assert verify().differences == 0


def test_the_same_file_twice_changes_nothing(
    shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [HEADER, *GOOD, GOOD[0]]
    imported(*lines)
    before = list(Product.objects.values()), StockTransaction.objects.count()
    for chunk in (1, 3, 1000):
        monkeypatch.setattr(importer, "CHUNK", chunk)
        summary, _ = imported(*lines)
        assert (summary.created, summary.unchanged, summary.units) == (0, 4, 0)
        assert (list(Product.objects.values()), StockTransaction.objects.count()) == before


def test_the_answer_does_not_depend_on_how_the_file_is_cut(
    shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [HEADER, *GOOD, *GOOD, BAD, *GOOD]
    _, whole = imported(*lines, commit=False)
    monkeypatch.setattr(importer, "CHUNK", 1)
    assert imported(*lines, commit=False)[1] == whole
    assert imported(*lines, rows=Rows.GOOD)[1] == whole
