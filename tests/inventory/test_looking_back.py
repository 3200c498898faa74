"""Pages and files that look back: `?as_of=`, what moved, what it was worth."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person, receive

pytestmark = pytest.mark.django_db

PAGES = ["/", "/products/X1/", "/reports/stock/", "/reports/valuation/"]


@pytest.fixture
def lines(shelf: Location) -> list[StockTransaction]:
    """Ten received at 2.50, four of them issued, ten more received at 5.00."""
    category = Category.objects.create(name="Laptops")
    product = Product.objects.create(sku="X1", name="Laptop", category=category, reorder_point=6)
    asked = [
        (Kind.RECEIPT, 10, Decimal("2.50")),
        (Kind.ISSUE, -4, None),
        (Kind.RECEIPT, 10, Decimal(5)),
    ]
    return [
        ledger.record(
            Movement(
                product_id=product.pk,
                location_id=shelf.pk,
                kind=kind,
                quantity=units,
                unit_cost=cost,
            ),
            actor=person(Role.OPERATOR),
            key=uuid4(),
        )
        for kind, units, cost in asked
    ]


def table(client: Client, address: str, **query: str) -> list[list[str]]:
    answer = client.get(address, query | {"format": "csv"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def refused(client: Client, address: str, as_of: str, sentence: str) -> None:
    """Look for the sentence, on a page and as text for a program, and for no figures of now."""
    page = client.get(address, {"as_of": as_of})
    text = client.get(address, {"as_of": as_of, "format": "csv"})
    for answer in (page, text):
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "Laptop" not in answer.content.decode()
    assert text["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "nonsense", ["x", "31/12/2025", "2026-02-30", "0001-01-01", "2026-01-01T99:00", "99999-01-01"]
)
def test_what_is_no_time_gets_a_sentence_and_no_figures(
    operator: Client, lines: list[StockTransaction], page: str, nonsense: str
) -> None:
    refused(operator, page, nonsense, "Give a day such as 2026-01-31")


@pytest.mark.parametrize("page", PAGES)
def test_nobody_looks_ahead(operator: Client, lines: list[StockTransaction], page: str) -> None:
    ahead = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused(operator, page, ahead, "still to come")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_past_says_so_and_offers_nothing_to_do(
    operator: Client, lines: list[StockTransaction], page: str
) -> None:
    instant = lines[1].created_at.isoformat()
    shown = operator.get(page, {"as_of": instant}).content.decode()
    assert "As it was at" in shown
    assert "Back to now" in shown
    assert 'method="post"' not in shown.partition("<main")[2].partition("</main>")[0]
    assert "Quick actions" not in shown


def test_the_list_is_what_it_was(operator: Client, lines: list[StockTransaction]) -> None:
    for line, units, value in zip(lines, (10, 6, 16), ("25", "15", "65"), strict=True):
        rows = table(operator, "/", as_of=line.created_at.isoformat())
        assert [row[1:6] for row in rows[1:]] == [["X1", "Laptop", "", "Laptops", str(units)]]
        assert Decimal(rows[1][6]) == Decimal(value)
    before = (lines[0].created_at - timedelta(days=400)).date().isoformat()
    assert len(table(operator, "/", as_of=before)) == 1


def test_what_was_low_or_out_then_is_found(operator: Client, lines: list[StockTransaction]) -> None:
    for line, low in zip(lines, (0, 1, 0), strict=True):
        assert len(table(operator, "/", as_of=line.created_at.isoformat(), level="low")) == 1 + low
    Product.objects.create(sku="N-1", name="Later")
    out = table(operator, "/", as_of=timezone.localdate().isoformat(), level="out")
    assert [row[1] for row in out[1:]] == ["N-1"]


def test_a_product_shows_its_places_and_its_history_until_then(
    operator: Client, lines: list[StockTransaction]
) -> None:
    page = operator.get("/products/X1/", {"as_of": lines[1].created_at.isoformat()})
    shown = page.content.decode()
    assert "−4" in shown or "-4" in shown
    assert f"/transactions/{lines[1].pk}/" in shown
    assert f"/transactions/{lines[2].pk}/" not in shown


def test_a_day_is_its_end(operator: Client, lines: list[StockTransaction]) -> None:
    today = timezone.localdate()
    assert table(operator, "/", as_of=today.isoformat())[1][5] == "16"
    assert len(table(operator, "/", as_of=(today - timedelta(days=1)).isoformat())) == 1


def test_the_worth_now_and_then(operator: Client, lines: list[StockTransaction]) -> None:
    now = table(operator, "/reports/valuation/")
    assert now[0] == ["as of", "sku", "name", "category", "units", "average cost", "value"]
    assert [now[1][1], now[1][4]] == ["X1", "16"]
    assert [Decimal(cell) for cell in now[1][5:]] == [Decimal("4.0625"), Decimal(65)]
    then = table(operator, "/reports/valuation/", as_of=lines[1].created_at.isoformat())
    assert [Decimal(cell) for cell in then[1][4:]] == [6, Decimal("2.5"), 15]
    page = operator.get("/reports/valuation/").content.decode()
    assert "65.00" in page
    assert "Laptops" in page


@pytest.mark.parametrize("name", ["day", "kind", "category", "location", "person"])
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
