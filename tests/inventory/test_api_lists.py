"""Lists of the API: searched, sorted, a page at a time, or whole as CSV."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlsplit

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Supplier
from tests.inventory.programs import Program, cost_of, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Program:
    """A program that may look."""
    return Program(Role.VIEWER)


@pytest.fixture
def five(db: None) -> list[str]:
    """Suppliers, in the order of names."""
    names = ["Acer", "Bechtle", "Cancom", "Dell", "=1+1"]
    Supplier.objects.bulk_create([Supplier(name=name) for name in names])
    return sorted(names)


@pytest.mark.parametrize(
    "query",
    ["ordering=size", "ordering=--name", "limit=0", "limit=201", "limit=x", "limit=-1", "limit=",
     "cursor=x", "cursor=W10", "q=" + "x" * 101],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_name(viewer: Program, query: str) -> None:
    problem = problem_of(viewer.get(f"/suppliers/?{query}"), 400)
    assert list(problem["errors"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("ordering", ["name", "-name"])
def test_pages_lead_to_each_other_and_show_everything_once(
    viewer: Program, five: list[str], ordering: str
) -> None:
    wanted = five if ordering == "name" else five[::-1]
    path, found, befores = f"/suppliers/?ordering={ordering}&limit=2", [], []
    while path:
        answer = viewer.get(path)
        page = answer.json()
        found.append([row["name"] for row in page["results"]])
        befores.append(page["previous"])
        for name in ("next", "previous"):
            link = f'<{page[name]}>; rel="{name}"'
            assert (link in answer.headers.get("Link", "")) is bool(page[name])
        parts = urlsplit(page["next"] or "")
        path = f"{parts.path.removeprefix('/api/v1')}?{parts.query}" if page["next"] else ""
    assert found == [wanted[:2], wanted[2:4], wanted[4:]]
    assert [bool(before) for before in befores] == [False, True, True]
    parts = urlsplit(befores[1])
    before = viewer.get(f"/suppliers/?{parts.query}").json()["results"]
    assert [row["name"] for row in before] == wanted[:2]


def test_words_are_searched_in_any_case(viewer: Program, five: list[str]) -> None:
    results = viewer.get("/suppliers/?q=BECH tle").json()["results"]
    assert [row["name"] for row in results] == ["Bechtle"]
    assert viewer.get("/suppliers/?q=%25").json()["results"] == []


def test_csv_is_the_whole_list_without_formulas(viewer: Program, five: list[str]) -> None:
    answer = viewer.get("/suppliers/?limit=2", accept="text/csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["'=1+1", *five[1:]]
    assert list(rows[0]) == ["id", "name"]
    filtered = viewer.get("/suppliers/?q=dell&ordering=-name", accept="text/csv")
    assert b"".join(filtered.streaming_content).count(b"\r\n") == 2


def test_csv_that_is_refused_is_a_problem_document(viewer: Program) -> None:
    assert problem_of(viewer.get("/suppliers/?limi=2", accept="text/csv"), 400)["errors"]


def test_a_page_costs_the_same_however_long_it_is(viewer: Program, five: list[str]) -> None:
    assert cost_of(viewer, "/suppliers/?limit=1") == cost_of(viewer, "/suppliers/?limit=5") == 2
