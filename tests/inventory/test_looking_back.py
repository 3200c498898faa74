"""Pages and files that look back with `?as_of=`."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.looking_back import table, traded

pytestmark = pytest.mark.django_db

PAGES = ["/", "/products/X1/", "/reports/stock/", "/reports/valuation/"]


@pytest.fixture
def lines(shelf: Location) -> list[StockTransaction]:
    """Ten received at 2.50, four of them issued, ten more received at 5.00."""
    return traded(shelf)


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


def test_the_list_of_now_leads_to_that_of_then(
    operator: Client, lines: list[StockTransaction]
) -> None:
    way = f"/?as_of={timezone.localdate().isoformat()}"
    assert f'href="{way}"' in operator.get("/").content.decode()
    shown = operator.get(way).content.decode()
    assert 'type="date" name="as_of"' in shown
    assert f'href="/products/X1/?as_of={timezone.localdate().isoformat()}"' in shown


@pytest.mark.parametrize("page", PAGES[1:])
def test_who_looks_back_stays_there_and_sees_the_time_asked_for(
    operator: Client, lines: list[StockTransaction], page: str
) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    Product.objects.update(created_at=timezone.now() - timedelta(days=9))  # out then, so listed
    for then in (lines[1].created_at.isoformat(), yesterday):
        shown = operator.get(page, {"as_of": then}).content.decode().partition("<main")[2]
        kept = f"as_of={quote(then)}"
        ways = re.findall(r'href="(/\?[^"]*|/products/[^"]*|/reports/[sv][^"]*|/)"', shown)
        assert [way for way in ways if kept not in way] == []
        assert ways
    shown = operator.get("/reports/stock/", {"as_of": "2026-01-31"}).content.decode()
    assert '<p class="sub">01/31/2026 11:59 p.m.</p>' in shown


def test_the_list_is_what_it_was(operator: Client, lines: list[StockTransaction]) -> None:
    for line, units, value in zip(lines, (10, 6, 16), ("25", "15", "65"), strict=True):
        rows = table(operator, "/", as_of=line.created_at.isoformat())
        facts = ["X1", "Laptop", "", "Laptops", "A1-03", str(units)]
        assert [row[1:7] for row in rows[1:]] == [facts]
        assert Decimal(rows[1][7]) == Decimal(value)
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
    assert table(operator, "/", as_of=today.isoformat())[1][6] == "16"
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
