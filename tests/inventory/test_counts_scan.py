"""Counting by scanner: a location, then what lies there; with scripts and without."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Category, Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import opened

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def scan(client: Client, count: Count, code: str, location: str = "", **headers: Any) -> Any:
    data = {"code": code, "location": location, "idempotency_key": str(uuid4())}
    return client.post(f"/counts/{count.pk}/scan/", data, **headers)


@pytest.fixture
def count(laptop: Product, shelf: Location) -> Count:
    """A count of everything, with five laptops on a shelf by the book."""
    receive(laptop, shelf, 5)
    return opened()


@pytest.mark.parametrize(
    ("code", "location", "sentence"),
    [
        ("NB-LEN-T14", "", "Scan the location first"),
        ("NB-LEN-T14", "GONE", "Scan the location first"),
        ("NOPE", "A1-03", "“NOPE” is no product and no location."),
        ("", "A1-03", "is no product and no location."),
        ("<script>", "A1-03", "“&lt;script&gt;” is no product and no location."),
        ("NB-LEN-T14 many", "A1-03", "is no product and no location."),
        ("NB-LEN-T14 -1", "A1-03", "less than none cannot be there"),
        ("x" * 1_000_000, "A1-03", "is no product and no location."),
    ],
)
def test_a_scan_that_means_nothing_is_refused_with_a_sentence(
    operator: Client, count: Count, code: str, location: str, sentence: str
) -> None:
    answer = scan(operator, count, code, location)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert len(answer.content) < 50_000
    assert not Entry.objects.exists()


def test_what_the_count_is_not_about_is_refused(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    elsewhere = Location.objects.create(code="B2")
    dock = Product.objects.create(sku="DK-1", name="Dock")
    narrow = [
        opened("By place", location=shelf),
        opened("By product", location=shelf, products=[laptop]),
        opened("By category", category=Category.objects.create(name="Laptops")),
    ]
    assert scan(operator, narrow[0], elsewhere.code).status_code == 422
    assert scan(operator, narrow[1], dock.sku, shelf.code).status_code == 422
    assert scan(operator, narrow[2], dock.sku, shelf.code).status_code == 422
    assert not Entry.objects.exists()


def test_without_scripts_each_scan_leads_back_to_the_field_at_the_same_place(
    operator: Client, count: Count
) -> None:
    answer = scan(operator, count, "a1-03")
    assert answer["Location"] == f"/counts/{count.pk}/scan/?location=A1-03"
    page = operator.get(answer["Location"]).content.decode()
    assert 'name="location" value="A1-03"' in page
    assert "autofocus" in page
    for _ in range(2):
        answer = scan(operator, count, " nb-len-t14 ", "A1-03")
        assert answer["Location"] == f"/counts/{count.pk}/scan/?location=A1-03"
    assert scan(operator, count, "NB-LEN-T14 12", "A1-03").status_code == 302
    assert scan(operator, count, "NB-LEN-T14 -1", "A1-03").status_code == 302
    assert Entry.objects.latest("seq").counted == 13


def test_a_repeated_scan_is_amber(operator: Client, count: Count) -> None:
    first = scan(operator, count, "NB-LEN-T14", "A1-03", headers=HTMX).content.decode()
    again = scan(operator, count, "NB-LEN-T14", "A1-03", headers=HTMX).content.decode()
    assert "alert warn" not in first
    assert "alert warn" in again
    assert "again: 2 by now" in again
    assert "<form" not in again  # the field stays where it is


def test_where_there_is_but_one_place_nobody_scans_it(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    count = opened(location=shelf)
    assert scan(operator, count, "NB-LEN-T14").status_code == 302
    line = Line.objects.select_related("latest").get()
    assert (line.is_found, line.latest and line.latest.counted) == (True, 1)
