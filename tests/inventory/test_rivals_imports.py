"""What went wrong with imports elsewhere, case by case, and does not here."""

from collections.abc import Iterator

import pytest
from django.db.models import Sum
from django.test import Client

from inventory_site.imports import exports
from inventory_site.imports.models import Import
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch, StockLevel, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.importing import chosen, imported
from tests.inventory.processes import at_once
from tests.inventory.soundness import assert_sound

FILES = {
    "products": ["sku,name,quantity", "AB-1,Cable,40", "AB-2,Mouse,3", "AB-3,Desk,"],
    "locations": ["code,name,parent", "ROOM,Room,", "ROOM-1,Rack,ROOM"],
    "opening": ["sku,quantity", "NB-LEN-T14,7"],
    "movements": ["sku,kind,quantity", "NB-LEN-T14,receipt,7", "NB-LEN-T14,issue,2"],
    "counts": ["sku,counted", "NB-LEN-T14,9"],
}


def everything() -> Iterator[object]:
    """All that an import could double."""
    yield from Product.objects.order_by("pk").values("sku", "name")
    yield from Location.objects.order_by("pk").values("code", "name", "parent")
    yield from StockLevel.objects.order_by("pk").values("product", "location", "on_hand")
    yield from StockTransaction.objects.order_by("pk").values("pk", "quantity")
    yield from Batch.objects.order_by("pk").values("pk")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_again_in_whatever_disguise_adds_nothing(
    laptop: Product, shelf: Location, kind: str
) -> None:
    """homebox#67: re-importing a file duplicates the items."""
    header, *rows = FILES[kind]
    first, _ = imported(header, *rows, kind=kind)
    assert first.written
    before = list(everything())
    disguises = [
        [header, *rows],
        [header.upper(), *[row.lower() for row in rows]]
        if kind != "locations"
        else [header, *rows],
        ["\ufeff" + header, *rows],
        [line.replace(",", ";") + "\r" for line in (header, *rows)],
    ]
    for lines in disguises:
        again, _ = imported(*lines, kind=kind)
        assert (again.written, again.refused) == (0, 0)
        assert list(everything()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["products", "locations", "movements"])
def test_what_was_exported_from_here_and_comes_back_adds_nothing(
    laptop: Product, shelf: Location, kind: str
) -> None:
    """homebox#67, by way of the file that one downloads, and brings back to change some rows."""
    receive(laptop, shelf, 7)
    before = list(everything())
    lines = "".join(exports.export(kind)).removeprefix("\ufeff").splitlines()
    again, _ = imported(*lines, kind=kind)
    assert (again.rows, again.written, again.refused) == (1, 0, 0)
    assert list(everything()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["products", "movements"])
def test_the_same_file_from_several_people_at_once_counts_once(
    laptop: Product, shelf: Location, kind: str
) -> None:
    """homebox#67, by real processes: each finds the rows there already, or is told to try again."""
    lines = FILES[kind]
    ends = at_once("tests.inventory.reimporter", [{"lines": lines, "kind": kind}] * 4)
    rows = len(lines) - 1
    assert ends.count([rows, 0]) == 1
    assert all(end in ([rows, 0], [0, rows], "failed") for end in ends)
    assert StockTransaction.objects.count() == 2
    assert Product.objects.count() == (4 if kind == "products" else 1)
    assert_sound()


@pytest.mark.django_db
def test_a_refused_row_is_named_and_nothing_is_called_done(
    manager: Client, shelf: Location
) -> None:
    """snipe-it#10923, #14273: imports that say "success" wrongly."""
    page = chosen(manager, "sku,name,quantity", "AB-1,Cable,40", "AB-2,Mouse,many")
    answer = manager.post(page, {"rows": "all"}, follow=True).content.decode()
    assert "The import is done." not in answer
    assert "“many” is not a whole number" in answer
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_what_changed_between_looking_and_importing_is_not_called_done(
    manager: Client, shelf: Location
) -> None:
    """snipe-it#10923, #14273: the file was good when it was looked at; it no longer is."""
    page = chosen(manager, "sku,name,quantity", "AB-1,Cable,40", "AB-2,Mouse,3")
    Product.objects.create(sku="AB-2", name="Something else")
    answer = manager.post(page, {"rows": "all"}, follow=True).content.decode()
    assert "The import is done." not in answer
    assert "belongs to another product" in answer
    assert Product.objects.count() == 1
    assert not StockTransaction.objects.exists()
    assert not Import.objects.get().is_imported


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_what_an_import_says_it_did_is_what_the_book_has(
    laptop: Product, shelf: Location, kind: str
) -> None:
    """snipe-it#10923, #14273: rows, lines and units as told, row by row and in sum."""
    summary, outcomes = imported(*FILES[kind], kind=kind)
    assert summary.is_written
    lines = StockTransaction.objects.all()
    assert summary.units == (lines.aggregate(units=Sum("quantity"))["units"] or 0)
    assert summary.units == sum(outcome.units for outcome in outcomes)
    assert lines.count() == sum(outcome.units != 0 for outcome in outcomes)
    if summary.batch_id:
        assert set(lines.values_list("batch", flat=True)) == {summary.batch_id}
    if kind == "counts":
        assert on_hand(laptop, shelf) == 9
