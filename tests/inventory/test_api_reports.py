"""Reports for programs: the pages' questions, figures and refusals."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product, Supplier
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move
from tests.inventory.looking_back import traded
from tests.inventory.programs import Program, cost_of, problem_of, refused
from tests.inventory.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Program:
    """A program that may look."""
    return Program(Role.VIEWER)


@pytest.fixture
def trade(shelf: Location) -> list[StockTransaction]:
    """Ten laptops in, four out, ten in; low at 6."""
    return traded(shelf)


def csv_of(program: Program, path: str) -> list[dict[str, str]]:
    answer = program.get(path, accept="text/csv")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stock/?as_of=soon", "as_of"),
        ("stock/?as_of=9999-12-31", "as_of"),
        ("stock/?as-of=2026-01-31", "as-of"),
        ("valuation/?as_of=1066-10-14", "as_of"),
        ("valuation/?cursor=x", "cursor"),
        ("valuation/?limit=5", "limit"),
        ("movements/?first=2026-02-01&last=2026-01-01", "last"),
        ("movements/?first=1990-01-01&last=2026-01-01", "last"),
        ("movements/?by=weekday", "by"),
        ("movements/?product=NONE", "product"),
        ("movements/?category=99999999999999999999", "category"),
        ("movements/?person=7", "person"),
        ("reorder/?as_of=2026-01-31", "as_of"),
        ("reorder/?level=high", "level"),
        ("reorder/?cursor=x", "cursor"),
        ("proofs/?q=x", "q"),
        ("proofs/standing/?q=x", "q"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_a_wrong_question_is_refused_by_name(
    viewer: Program, query: str, field: str, accept: str
) -> None:
    if "standing" in query and accept == "text/csv":
        assert refused(viewer.get(f"/reports/{query}", accept=accept), 406) == "not_acceptable"
    elif field != "cursor" or accept != "text/csv":  # a file is whole: it begins at the beginning
        problem = problem_of(viewer.get(f"/reports/{query}", accept=accept), 400)
        assert list(problem["errors"]) == [field]


def test_the_stock_report_adds_up_now_and_then(
    viewer: Program, trade: list[StockTransaction]
) -> None:
    report = viewer.get("/reports/stock/").json()
    category = Category.objects.get()
    laptops = {"name": "Laptops", "depth": 0, "units": 16, "id": category.pk, "products": 1}
    assert report["categories"] == [laptops]
    assert report["locations"] == [
        {"name": "Aisle A1, shelf 3", "depth": 0, "units": 16, "code": "A1-03"}
    ]
    assert report["uncategorised"] == {"products": 0, "units": 0}
    assert (report["low"], report["out"]) == ([], [])
    then = trade[1].created_at.isoformat()
    report = viewer.get(f"/reports/stock/?as_of={quote(then)}").json()
    short = {"sku": "X1", "name": "Laptop", "category": "Laptops", "minimum": 6, "on_hand": 6}
    assert report["low"] == [short]
    assert report["as_of"] == then.replace("+00:00", "Z")


def test_the_stock_report_is_the_pages_file(viewer: Program, trade: list[StockTransaction]) -> None:
    rows = csv_of(viewer, "/reports/stock/")
    assert [(row["by"], row["name"], row["units"]) for row in rows] == [
        ("category", "Laptops", "16"),
        ("location", "A1-03", "16"),
    ]


def test_movements_are_put_together_as_asked(
    viewer: Program, trade: list[StockTransaction]
) -> None:
    report = viewer.get("/reports/movements/?by=kind").json()
    assert [row["key"] for row in report["results"]] == ["receipt", "issue"]
    sums = {"lines": 3, "units_in": 20, "units_out": 4, "net": 16, "value": "65.0000"}
    assert report["total"] == sums
    assert (report["by"], report["is_cut"]) == ("kind", False)
    query = f"by=product&product=x1&kind=issue&person={person(Role.OPERATOR).id}"
    (row,) = viewer.get(f"/reports/movements/?{query}").json()["results"]
    assert row == {
        "key": "X1",
        "name": "Laptop",
        "lines": 1,
        "units_in": 0,
        "units_out": 4,
        "net": -4,
        "value": "-10.0000",
    }
    (line,) = csv_of(viewer, f"/reports/movements/?{query}")
    assert line == {name: str(value) for name, value in row.items()}


def test_the_valuation_is_of_then_where_asked(
    viewer: Program, trade: list[StockTransaction]
) -> None:
    now = viewer.get("/reports/valuation/").json()
    assert now["total"] == {"products": 1, "units": 16, "value": "65.0000"}
    assert now["categories"] == [now["total"] | {"name": "Laptops"}]
    (row,) = now["results"]
    assert row == {
        "sku": "X1",
        "name": "Laptop",
        "category": "Laptops",
        "units": 16,
        "average": "4.0625",
        "value": "65.0000",
    }
    assert csv_of(viewer, "/reports/valuation/") == [{k: str(v) for k, v in row.items()}]
    then = quote(trade[0].created_at.isoformat())
    assert viewer.get(f"/reports/valuation/?as_of={then}").json()["total"]["value"] == "25.0000"


def stock_many(shelf: Location, many: int) -> None:
    for number in range(many):
        product = Product.objects.create(sku=f"P{number}", name=f"P{number:02}", reorder_point=9)
        receive(product, shelf, 1)


@pytest.mark.parametrize("report", ["valuation", "reorder"])
def test_pages_lead_to_each_other_and_files_have_all(
    viewer: Program, shelf: Location, report: str
) -> None:
    stock_many(shelf, 51)
    answer = viewer.get(f"/reports/{report}/")
    first = answer.json()
    assert (len(first["results"]), first["previous"]) == (50, None)
    assert f'<{first["next"]}>; rel="next"' in answer.headers["Link"]
    second = viewer.get(f"/reports/{report}/?{urlsplit(first['next']).query}").json()
    assert [row["sku"] for row in second["results"]] == ["P50"]
    assert len(csv_of(viewer, f"/reports/{report}/")) == 51


def test_what_is_to_be_ordered_is_by_what_is_available(viewer: Program, shelf: Location) -> None:
    product = Product.objects.create(sku="X1", name="Laptop", reorder_point=6)
    move(product, shelf, 10)
    assert viewer.get("/reports/reorder/").json()["results"] == []
    move(product, shelf, -5)
    (need,) = viewer.get("/reports/reorder/?level=low").json()["results"]
    assert need == {
        "sku": "X1",
        "name": "Laptop",
        "category": "",
        "location": None,
        "supplier": "",
        "on_hand": 5,
        "reserved": 0,
        "available": 5,
        "minimum": 6,
        "suggested": 7,
    }
    assert viewer.get("/reports/reorder/?level=out").json()["results"] == []


def test_a_report_costs_the_same_however_many_products(viewer: Program, shelf: Location) -> None:
    costs: dict[str, set[int]] = {}
    for many in (1, 8):
        Product.objects.all().update(is_active=False)
        stock_many_named(shelf, many)
        for report in ("stock", "movements", "valuation", "reorder"):
            costs.setdefault(report, set()).add(cost_of(viewer, f"/reports/{report}/"))
    assert {report: len(found) for report, found in costs.items()} == dict.fromkeys(costs, 1)


def stock_many_named(shelf: Location, many: int) -> None:
    category = Category.objects.create(name=str(uuid4()))
    for number in range(many):
        sku = f"N{many}-{number}"
        product = Product.objects.create(sku=sku, name=sku, category=category, reorder_point=9)
        move(product, shelf, 1, Kind.RECEIPT)
        Supplier.objects.create(name=sku)


@pytest.mark.django_db(transaction=True)
def test_before_the_first_proof_there_is_none(viewer: Program) -> None:
    assert refused(viewer.get("/reports/proofs/standing/"), 404) == "not_found"
    assert viewer.get("/reports/proofs/").json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_proofs_are_listed_and_the_last_one_says_what_was_found(
    viewer: Program, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    verify()
    tamper("UPDATE stock_level SET reserved = 1")
    verify(incremental=True)
    found: list[dict[str, Any]] = viewer.get("/reports/proofs/").json()["results"]
    assert [(row["is_incremental"], row["differences"] > 0) for row in found] == [
        (True, True),
        (False, False),
    ]
    standing = viewer.get("/reports/proofs/standing/").json()
    assert standing | {"faults": None} == found[0] | {"faults": None}
    assert standing["faults"][0] == standing["first_bad"]
    assert [row["id"] for row in csv_of(viewer, "/reports/proofs/")] == [
        str(row["id"]) for row in found
    ]
