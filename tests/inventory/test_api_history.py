"""The ledger in the API: narrowed down, a page at a time, at a cost that does not grow."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move
from tests.inventory.holding import hand_out, hold, in_days
from tests.inventory.programs import Program, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Program:
    """A program that may look."""
    return Program(Role.VIEWER)


@pytest.mark.parametrize(
    "query",
    ["kind=gift", "product=GONE", "location=GONE", "actor=7", "batch=0", "batch=x",
     "batch=9223372036854775808", "reservation=-1", "approval=x", "first=then", "last=2026-02-30",
     "ordering=quantity", "q=x"],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_name(viewer: Program, query: str) -> None:
    problem = problem_of(viewer.get(f"/transactions/?{query}"), 400)
    assert list(problem["errors"]) == [query.partition("=")[0]]


def test_a_period_does_not_end_before_it_begins(viewer: Program) -> None:
    problem = problem_of(viewer.get("/transactions/?first=2026-02-02&last=2026-02-01"), 400)
    assert list(problem["errors"]) == ["last"]


def test_lines_are_narrowed_down_by_each_of_their_words(
    viewer: Program, laptop: Product, shelf: Location
) -> None:
    box = Location.objects.create(code="A1-03-B", parent=shelf)
    dock = Product.objects.create(sku="DK-1", name="Dock")
    first = receive(laptop, shelf, 5)
    boxed = receive(dock, box, 2)
    move(laptop, shelf, -1)
    held = hold(laptop, shelf, 2)
    handed = hand_out(held, 1)

    def found(query: str, path: str = "/transactions/") -> list[int]:
        rows = viewer.get(f"{path}?{query}").json()["results"]
        return [row["id"] for row in rows]

    every = found("ordering=created_at")
    gone = every[2]
    assert every == [first.pk, boxed.pk, gone, handed.pk]
    assert found("") == every[::-1]
    assert found("product=dk-1") == [boxed.pk]
    assert found("location=a1-03") == every[::-1]
    assert found("location=a1-03-b") == [boxed.pk]
    assert found("kind=issue") == [handed.pk, gone]
    assert found(f"actor={person(Role.MANAGER).id}") == [boxed.pk, first.pk]
    assert found(f"reservation={held.pk}") == [handed.pk]
    assert found("batch=1") == found("approval=1") == []
    today = timezone.localdate()
    assert found(f"first={today}&last={today}") == every[::-1]
    assert found("first=0001-01-01&last=9999-12-31") == every[::-1]
    assert found(f"first={in_days(1)}") == found(f"last={in_days(-1)}") == []
    assert found("kind=issue", "/products/nb-len-t14/transactions/") == [handed.pk, gone]


def test_csv_has_every_line(viewer: Program, laptop: Product, shelf: Location) -> None:
    for _ in range(3):
        receive(laptop, shelf, 1)
    answer = viewer.get("/transactions/?limit=1&ordering=created_at", accept="text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["balance_after"] for row in rows] == ["1", "2", "3"]
    assert "transactions" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/transactions/", "/batches/", "/reservations/", "/approvals/"])
def test_a_page_costs_the_same_however_long_it_is(
    viewer: Program, laptop: Product, shelf: Location, path: str
) -> None:
    receive(laptop, shelf, 500)
    Location.objects.create(code="B2")
    operator = Program(Role.OPERATOR)
    place: dict[str, Any] = {"product": laptop.sku, "location": shelf.code}
    away = place | {"kind": "transfer", "quantity": 1, "destination": "B2"}
    gone = place | {"kind": "write_off", "quantity": 101, "reason": "Damaged"}
    wish = place | {"quantity": 1, "recipient": "Ana", "until": str(in_days(1))}
    for _ in range(3):
        assert operator.post("/transactions/", away).status_code == 201
        assert operator.post("/transactions/", gone).status_code == 202
        assert operator.post("/reservations/", wish).status_code == 201
    counts = set()
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert len(viewer.get(f"{path}?limit={limit}").json()["results"]) == limit
        # Who was signed out is asked once a second, whatever the page.
        counts.add(len([query for query in queries if "access_cutoff" not in query["sql"]]))
    assert len(counts) == 1
