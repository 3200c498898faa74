"""Where units are, what moved them, and where more are needed: read in the API."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, ReorderPoint
from inventory_site.stock import ledger
from tests.inventory.conftest import person, receive
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


@pytest.mark.parametrize(
    "query",
    ["product=nothing", "location=nowhere", "as_of=then", "as_of=2999-01-01", "level=much",
     "category=999"],
)  # fmt: skip
def test_a_wrong_filter_of_levels_is_named(manager: Program, query: str) -> None:
    problem = problem_of(manager.get(f"/stock-levels/?{query}"), 400)
    assert list(problem["errors"]) == [query.partition("=")[0]]


def test_levels_are_not_written(manager: Program) -> None:
    assert refused(manager.post("/stock-levels/", {}), 405) == "method_not_allowed"


def test_levels_are_narrowed_down_by_product_place_and_level(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    box = Location.objects.create(code="A1-03-B", parent=shelf)
    far = Location.objects.create(code="Z9")
    dock = Product.objects.create(sku="DK-1", name="Dock")
    receive(laptop, shelf, 3)
    receive(laptop, box, 2)
    receive(dock, far, 9)

    def places(query: str) -> list[tuple[str, str, int]]:
        rows = manager.get(f"/stock-levels/?{query}").json()["results"]
        return [(row["product"], row["location"], row["on_hand"]) for row in rows]

    low = [("NB-LEN-T14", "A1-03", 3), ("NB-LEN-T14", "A1-03-B", 2)]
    assert places("") == [*low, ("DK-1", "Z9", 9)]
    assert places("product=nb-len-t14") == places("level=low") == places("location=a1-03") == low
    assert places("location=A1-03-B&q=thinkpad") == low[1:]
    row = manager.get("/stock-levels/?product=DK-1").json()["results"][0]
    assert (row["reserved"], row["available"]) == (0, 9)
    assert row["moved_at"].endswith("Z")


def test_levels_of_then_are_those_of_then(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    first = receive(laptop, shelf, 3)
    receive(laptop, shelf, 4)
    at = quote(first.created_at.isoformat())
    (row,) = manager.get(f"/stock-levels/?as_of={at}").json()["results"]
    assert (row["on_hand"], row["reserved"], row["moved_at"]) == (3, None, None)
    before = quote((first.created_at - timedelta(seconds=1)).isoformat())
    assert manager.get(f"/stock-levels/?as_of={before}").json()["results"] == []
    answer = manager.get(f"/stock-levels/?as_of={at}", accept="text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["product"], line["location"], line["on_hand"]) == ("NB-LEN-T14", "A1-03", "3")


def test_the_history_of_what_is_not_there_is_a_404(manager: Program) -> None:
    for path in ("transactions", "reorder-points"):
        assert refused(manager.get(f"/products/NOTHING/{path}/"), 404) == "not_found"


def test_the_history_is_newest_first_and_tells_what_was_undone(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    receive(Product.objects.create(sku="DK-1", name="Dock"), shelf, 1)
    line = receive(laptop, shelf, 3)
    undo = ledger.reverse(line.pk, actor=person(Role.MANAGER), key=uuid4(), reason="Oops")
    rows = manager.get("/products/nb-len-t14/transactions/").json()["results"]
    assert [row["id"] for row in rows] == [undo.pk, line.pk]
    newest, oldest = rows
    assert (newest["kind"], newest["quantity"], newest["balance_after"]) == ("reversal", -3, 0)
    assert (newest["reverses"], newest["reversed_by"]) == (line.pk, None)
    assert (oldest["reverses"], oldest["reversed_by"]) == (None, undo.pk)
    assert (newest["product"], newest["location"]) == ("NB-LEN-T14", "A1-03")
    assert (newest["actor"], newest["actor_name"]) == (
        str(person(Role.MANAGER).id),
        "Marina Ribeiro",
    )
    assert newest["fingerprint"] == undo.fingerprint
    at = datetime.fromisoformat(newest["created_at"])
    assert (at, at.tzinfo) == (undo.created_at, UTC)


@pytest.mark.parametrize(
    "wrong", [{"quantity": -1}, {"quantity": "3"}, {"location": "nowhere"}, {"seen": 1}]
)
def test_a_wrong_minimum_is_named(
    manager: Program, laptop: Product, shelf: Location, wrong: dict[str, object]
) -> None:
    data = {"location": "A1-03", "quantity": 2} | wrong
    answer = manager.post("/products/NB-LEN-T14/reorder-points/", data)
    assert list(problem_of(answer, 400)["errors"]) == list(wrong)
    assert not ReorderPoint.objects.exists()


def test_a_minimum_at_a_location_is_set_replaced_and_taken_away(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    path = "/products/NB-LEN-T14/reorder-points/"
    for quantity in (2, 4):
        answer = manager.post(path, {"location": "a1-03", "quantity": quantity})
        assert (answer.json()["location"], answer.json()["quantity"]) == ("A1-03", quantity)
    assert [row["quantity"] for row in manager.get(path).json()["results"]] == [4]
    assert manager.post(path, {"location": "A1-03", "quantity": 0}).status_code == 204
    assert manager.get(path).json()["results"] == []
