"""The stock report of an instant, held against a replay of every line until then."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import ledger, past, refusals
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person
from tests.inventory.looking_back import table

pytestmark = pytest.mark.django_db

ABOVE = {"Cables": "Parts", "Plugs": "Parts", "R1": "HQ", "R2": "HQ", "S1": "R1"}
"""What is in what, of categories and of locations."""


def moved_about(chance: random.Random) -> None:
    """Receive and issue this and that, here and there, with the past kept now and then."""
    categories: dict[str, Category] = {}
    for name in ("Parts", "Cables", "Plugs", "Empty"):
        above = categories.get(ABOVE.get(name, ""))
        categories[name] = Category.objects.create(name=name, parent=above)
    places: dict[str, Location] = {}
    for code in ("HQ", "R1", "R2", "S1", "FAR"):
        places[code] = Location.objects.create(code=code, parent=places.get(ABOVE.get(code, "")))
    for number, name in enumerate(["Parts", "Cables", "Cables", "Plugs", ""]):
        Product.objects.create(sku=f"P-{number}", name="Thing", category=categories.get(name))
    for step in range(60):
        asked = ledger.Movement(
            product_id=chance.choice(Product.objects.order_by("id")).pk,
            location_id=chance.choice(list(places.values())).pk,
            kind=(kind := chance.choice([Kind.RECEIPT, Kind.ISSUE])),
            quantity=chance.randint(1, 9) * (1 if kind is Kind.RECEIPT else -1),
        )
        try:
            ledger.record(asked, actor=person(Role.OPERATOR), key=uuid4())
        except refusals.InsufficientStock:
            continue
        if step % 20 == 10:
            past.take_snapshot(lines=0)


def replayed(instant: datetime) -> dict[str, Counter[str]]:
    """Add up line by line what is in each category and location, and in each that these are in."""
    sums: dict[str, Counter[str]] = {"category": Counter(), "location": Counter()}
    for line in StockTransaction.objects.explained().filter(created_at__lte=instant):
        category = line.level.product.category
        names = {
            "category": category.name if category else "",
            "location": line.level.location.code,
        }
        for by, name in names.items():
            at: str | None = name
            while at is not None:
                sums[by][at] += line.quantity
                at = ABOVE.get(at)
    return sums


def test_past_sums_are_those_of_the_lines_until_then_on_the_page_and_in_the_file(
    operator: Client,
) -> None:
    moved_about(random.Random(20260131))  # noqa: S311 (the same every time)
    lines = list(StockTransaction.objects.order_by("created_at"))
    assert len(lines) > 30
    for line in lines[::7] + lines[-1:]:
        told, as_of = replayed(line.created_at), line.created_at.isoformat()
        rows = table(operator, "/reports/stock/", as_of=as_of)[1:]
        for by in ("category", "location"):
            units = {row[2]: int(row[4]) for row in rows if row[1] == by}
            assert {name: many for name, many in units.items() if many} == dict(+told[by])
        page = operator.get("/reports/stock/", {"as_of": as_of}).content.decode()
        shown = _sums_of(page)
        assert {name: many for name, many in shown.items() if many} == dict(
            +told["location"] + +told["category"]
        )


def test_a_category_counts_its_products_of_then(operator: Client, shelf: Location) -> None:
    moved_about(random.Random(1))  # noqa: S311
    last = StockTransaction.objects.latest("created_at").created_at
    Product.objects.create(sku="LATER", name="Later", category=Category.objects.get(name="Cables"))
    rows = table(operator, "/reports/stock/", as_of=last.isoformat())[1:]
    products = {row[2]: row[3] for row in rows if row[1] == "category"}
    assert products == {"Parts": "4", "Cables": "2", "Plugs": "1", "Empty": "0", "": "1"}
    assert {row[3] for row in rows if row[1] == "location"} == {""}  # one may be at several


def _sums_of(page: str) -> Counter[str]:
    """Return the units of each category and location that the page's first two tables show."""
    sums: Counter[str] = Counter()
    for table_of in page.split("<tbody>")[1:3]:
        for row in table_of.partition("</tbody>")[0].split("<tr>")[1:]:
            name = re.search(r">([^<>]+)</(?:a|code|th)>", row)
            assert name
            units = re.findall(r'<td class="n">([\d,]+)</td>', row)[-1].replace(",", "")
            sums["" if name[1] == "Without a category" else name[1]] += int(units)
    return sums
