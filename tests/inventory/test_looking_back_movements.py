"""What moved in a period, however it is put together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.products.models import Location, Product
from inventory_site.reports import movements
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.looking_back import table, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(shelf: Location) -> list[StockTransaction]:
    """Ten received at 2.50, four of them issued, ten more received at 5.00."""
    return traded(shelf)


@pytest.mark.parametrize("name", ["day", "kind", "product", "category", "location", "person"])
@pytest.mark.parametrize("narrowed", ["", "product", "category", "location", "person", "kind"])
def test_what_moved_adds_up_however_it_is_put_together(
    operator: Client, lines: list[StockTransaction], name: str, narrowed: str, shelf: Location
) -> None:
    other = Product.objects.create(sku="OTHER", name="Other")
    elsewhere = Location.objects.create(code="Z-9")
    receive(other, elsewhere, 3)
    line = lines[0]
    value = {
        "": "",
        "product": "x1",
        "category": str(line.level.product.category_id),
        "location": str(shelf.pk),
        "person": str(line.actor_id),
        "kind": "receipt",
    }[narrowed]
    rows = table(
        operator, "/reports/movements/", by=name, **({narrowed: value} if narrowed else {})
    )
    assert rows[0] == [name, "name", "lines", "units in", "units out", "net", "value"]
    sums = [sum(int(row[index]) for row in rows[1:]) for index in (2, 3, 4)]
    everything = {"": [4, 23, 4], "kind": [3, 23, 0]}
    assert sums == everything.get(narrowed, [3, 20, 4])
    assert operator.get("/reports/movements/", {"by": name}).status_code == 200


def test_a_period_is_its_days(operator: Client, lines: list[StockTransaction]) -> None:
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert len(table(operator, "/reports/movements/", first=str(today), last=str(today))) == 2
    assert len(table(operator, "/reports/movements/", last=str(yesterday))) == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"first": "2026-02-01", "last": "2026-01-01"}, "ends before it begins"),
        ({"first": "1900-01-01", "last": "2026-01-01"}, "at most ten years"),
        ({"product": "nobody"}, "There is no product “nobody”."),
        ({"first": "x"}, "Enter a valid date."),
        ({"by": "moon"}, "Select a valid choice."),
        ({"person": "x"}, "Select a valid choice."),
    ],
)
def test_a_report_that_makes_no_sense_says_why(
    operator: Client, query: dict[str, str], sentence: str
) -> None:
    answer = operator.get("/reports/movements/", query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    as_text = operator.get("/reports/movements/", query | {"format": "csv"})
    assert as_text.status_code == 422
    assert as_text["Content-Type"].startswith("text/plain")
    assert sentence in as_text.content.decode()


def test_products_are_named_by_their_sku_the_most_moved_first(
    operator: Client, lines: list[StockTransaction], shelf: Location
) -> None:
    receive(Product.objects.create(sku="CB-1", name="Cable"), shelf, 100)
    Product.objects.create(sku="DK-1", name="Dock, never moved")
    rows = table(operator, "/reports/movements/", by="product")
    assert [row[:6] for row in rows[1:]] == [
        ["CB-1", "Cable", "1", "100", "0", "100"],
        ["X1", "Laptop", "3", "20", "4", "16"],
    ]
    page = operator.get("/reports/movements/", {"by": "product"}).content.decode()
    assert '<a href="/products/CB-1/">Cable</a> <code>CB-1</code>' in page


def test_a_page_lists_the_products_that_moved_most_and_the_file_all_of_them(
    operator: Client, shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    for units in range(1, 6):
        receive(Product.objects.create(sku=f"P-{units}", name="Thing"), shelf, units)
    monkeypatch.setattr(movements, "SHOWN_PRODUCTS", 2)
    page = operator.get("/reports/movements/", {"by": "product"}).content.decode()
    assert "P-5" in page
    assert "P-4" in page
    assert "P-3" not in page
    assert "Only the 2 products that moved most are shown" in page
    assert page.partition("<tfoot>")[2].count('<td class="n">15</td>') == 2  # units in, and net
    assert len(table(operator, "/reports/movements/", by="product")) == 1 + 5


def test_where_nothing_moved_no_product_is_named(operator: Client, shelf: Location) -> None:
    assert len(table(operator, "/reports/movements/", by="product")) == 1
    assert "Nothing moved" in operator.get("/reports/movements/?by=product").content.decode()
