"""The stock list, a product and the stock report as files: whole, and with every place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Manufacturer, Product
from inventory_site.reports import stock
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.holding import hold
from tests.inventory.looking_back import table, traded

pytestmark = pytest.mark.django_db

HEADER = [
    *("sku", "name", "manufacturer", "category", "location", "on hand", "reserved", "available")
]


@pytest.fixture
def spread(shelf: Location) -> Product:
    """Five of a switch on one shelf, two of them held, and three on another."""
    category = Category.objects.create(name="Network")
    maker = Manufacturer.objects.create(name="=Cisco")
    product = Product.objects.create(
        sku="C9300", name="Switch", manufacturer=maker, category=category, reorder_point=9
    )
    receive(product, shelf, 5)
    hold(product, shelf, 2)
    receive(product, Location.objects.create(code="B2"), 3)
    return product


PLACES = [
    ["C9300", "Switch", "'=Cisco", "Network", "A1-03", "5", "2", "3"],
    ["C9300", "Switch", "'=Cisco", "Network", "B2", "3", "0", "3"],
]
NOWHERE = ["DK-1", "Dock", "", "", "", "0", "0", "0"]


@pytest.mark.parametrize("query", ["category=x", "level=theft", f"q={'x' * 200}"])
@pytest.mark.parametrize("when", ["", "2020-01-01"])
def test_a_file_of_a_wrong_filter_is_refused_not_filled_with_everything(
    operator: Client, spread: Product, query: str, when: str
) -> None:
    answer = operator.get(f"/?format=csv&as_of={when}&{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")


def test_whoever_may_read_gets_the_list_with_every_place(
    client_as: Callable[[Role], Client], spread: Product
) -> None:
    Product.objects.create(sku="DK-1", name="Dock")
    rows = table(client_as(Role.VIEWER), "/")
    assert rows == [HEADER, NOWHERE, *PLACES]


def test_the_file_is_of_what_the_filters_leave(operator: Client, spread: Product) -> None:
    Product.objects.create(sku="DK-1", name="Dock")
    category = str(spread.category_id)
    for found in ({"q": "cisco"}, {"category": category}, {"level": "low"}):
        assert table(operator, "/", **found) == [HEADER, *PLACES]
    assert table(operator, "/", level="out") == [HEADER, NOWHERE]
    page = operator.get("/?q=cisco&cursor=").content.decode()
    assert 'href="?q=cisco&amp;format=csv"' in page


def test_the_file_has_what_a_page_has_no_room_for(operator: Client, shelf: Location) -> None:
    Product.objects.bulk_create(Product(sku=f"P-{n}", name="Thing") for n in range(1234))
    assert len({row[0] for row in table(operator, "/")[1:]}) == 1234


def test_a_program_asks_by_its_accept_header_and_a_browser_gets_a_page(
    operator: Client, spread: Product
) -> None:
    for page in ("/", "/products/C9300/"):
        as_file = operator.get(page, headers={"Accept": "text/csv"})
        assert as_file["Content-Type"].startswith("text/csv")
        assert "Accept" in as_file["Vary"]
        for accept in ("text/html,*/*;q=0.8", "*/*", "text/html, text/csv;q=0.5"):
            answer = operator.get(page, headers={"Accept": accept})
            assert answer["Content-Type"].startswith("text/html")


def test_a_product_gives_its_places_and_its_history(operator: Client, spread: Product) -> None:
    assert table(operator, "/products/c9300/") == [HEADER, *PLACES]
    history = table(operator, "/products/c9300/", rows="history")
    assert [row[2:6] for row in history[1:]] == [
        ["receipt", "B2", "3", "3"],
        ["receipt", "A1-03", "5", "5"],
    ]
    page = operator.get("/products/C9300/").content.decode()
    assert 'href="?format=csv"' in page
    assert 'href="?format=csv&amp;rows=history"' in page


def test_the_past_has_its_places_and_their_worth_adds_up(
    operator: Client, shelf: Location, spread: Product
) -> None:
    traded(shelf)
    laptop = Product.objects.get(sku="X1")
    receive(laptop, Location.objects.get(code="B2"), 5)
    today = timezone.localdate()
    for page, products in (("/", 2), ("/products/X1/", 1)):
        rows = table(operator, page, as_of=today.isoformat())
        assert rows[0] == ["as of", *HEADER[:6], "value"]
        assert len(rows) == 1 + 2 * products
        shares = [row[5:] for row in rows[1:] if row[1] == "X1"]
        assert [share[:2] for share in shares] == [["A1-03", "16"], ["B2", "5"]]
        laptop.refresh_from_db()
        assert sum(Decimal(share[2]) for share in shares) == laptop.total.value
    before = (today - timedelta(days=1)).isoformat()
    assert table(operator, "/products/X1/", as_of=before)[1][5:] == ["", "0", "0"]


def test_a_history_of_the_past_ends_then(operator: Client, shelf: Location) -> None:
    lines: list[StockTransaction] = traded(shelf)
    at = lines[1].created_at.isoformat()
    rows = table(operator, "/products/X1/", as_of=at, rows="history")
    assert [row[0] for row in rows[1:]] == [str(lines[1].pk), str(lines[0].pk)]


@pytest.mark.parametrize("when", ["", timezone.localdate().isoformat()])
def test_the_report_as_a_file_names_all_that_is_low_or_out(
    operator: Client, spread: Product, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    for sku in ("DK-1", "DK-2"):
        Product.objects.create(sku=sku, name="Dock", reorder_point=2)
    monkeypatch.setattr(stock, "LISTED_UP_TO", 1)
    rows = [row[1:] for row in table(operator, "/reports/stock/", as_of=when)[1:]]
    assert [row for row in rows if row[0] in {"out", "low"}] == [
        ["out", "Dock", "", "0", "DK-1", "", "2"],
        ["out", "Dock", "", "0", "DK-2", "", "2"],
        ["low", "Switch", "", "8", "C9300", "Network", "9"],
    ]
    assert ["category", "Network", "1", "8", "", "", ""] in rows
