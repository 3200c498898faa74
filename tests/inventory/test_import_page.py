"""Looking at an uploaded file of products and importing it."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.imports.models import Import, Piece
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.importing import chosen

pytestmark = pytest.mark.django_db

GOOD = ["name;qty;location;colour", "Cable;1200;a1-03;red", "Mouse;3;;blue"]
BAD = "Lamp;1.5;Z9;green"


def text_of(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_with_a_refused_row_only_the_good_ones_can_be_imported(
    manager: Client, shelf: Location
) -> None:
    page = chosen(manager, *GOOD, BAD)
    text = text_of(manager, page)
    assert "qty: “1.5” is not a whole number" in text
    assert "There is no location “Z9”." in text
    assert "Import the 2 good rows" in text
    assert 'value="all"' not in text
    answer = manager.post(page, {"rows": "all"}, follow=True)
    assert "Nothing was imported, because rows are refused." in answer.content.decode()
    assert not Product.objects.exists()
    done = manager.post(page, {"rows": "good"}, follow=True).content.decode()
    assert "The import is done." in done
    assert Product.objects.count() == 2


def test_a_good_file_is_looked_at_then_imported_once(manager: Client, shelf: Location) -> None:
    page = chosen(manager, *GOOD, GOOD[2])
    text = text_of(manager, page)
    assert "Import all 3 rows" in text
    assert "1,206" in text
    assert "SKU MOUSE-2, because line 3 took MOUSE." in text
    assert "Ignored columns: colour" in text
    assert not Product.objects.exists()
    for _ in range(2):
        done = manager.post(page, {"rows": "all"}, follow=True).content.decode()
        assert "The import is done." in done
        assert "SKU MOUSE-2" in done
    assert Product.objects.count() == StockTransaction.objects.count() == 3
    again = text_of(manager, chosen(manager, *GOOD, GOOD[2]))
    assert "There is nothing to import" in again


def test_units_without_a_location_go_where_the_person_said(
    manager: Client, shelf: Location
) -> None:
    other = Location.objects.create(code="B2")
    page = chosen(manager, *GOOD, default_location=str(other.pk))
    manager.post(page, {"rows": "all"})
    places = StockTransaction.objects.values_list("level__product__sku", "level__location__code")
    assert set(places) == {("CABLE", "A1-03"), ("MOUSE", "B2")}


def test_the_report_names_every_row_before_and_after(manager: Client, shelf: Location) -> None:
    page = chosen(manager, *GOOD, BAD)

    def report() -> list[list[str]]:
        answer = manager.get(f"{page}report.csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        return list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines()))

    before = report()
    assert before[0] == ["line", "result", "code", "units", "note"]
    assert [row[:4] for row in before[1:]] == [
        ["2", "created", "CABLE", "1200"],
        ["3", "created", "MOUSE", "3"],
        ["4", "refused", "LAMP", "0"],
    ]
    manager.post(page, {"rows": "good"})
    assert report() == before


def test_old_files_are_emptied_when_a_new_one_comes(manager: Client, shelf: Location) -> None:
    left, done = chosen(manager, *GOOD), chosen(manager, *GOOD)
    manager.post(done, {"rows": "all"})
    Import.objects.update(created_at=timezone.now() - timedelta(days=8))
    chosen(manager, *GOOD)
    assert Piece.objects.values("of").distinct().count() == 1
    answer = manager.get(left, follow=True)
    assert "That file is no longer kept." in answer.content.decode()
    assert "The import is done." in text_of(manager, done)
    assert manager.get(f"{done}report.csv").status_code == 404
