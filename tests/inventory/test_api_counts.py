"""Stock counts for programs: opened, counted by line and by scan, posted or cancelled."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Category, Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import move, on_hand, opened, posted, told
from tests.inventory.programs import Program, cost_of, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Program:
    """A program of who may open and post counts."""
    return Program(Role.MANAGER)


@pytest.fixture
def operator() -> Program:
    """A program of who counts."""
    return Program(Role.OPERATOR)


@pytest.fixture
def stocked(laptop: Product, shelf: Location) -> Product:
    """Five laptops on the shelf."""
    receive(laptop, shelf, 5)
    return laptop


def way_to(count: Count) -> str:
    return f"/counts/{count.pk}/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"is_blind": "perhaps"}, "is_blind"),
        ({"location": "Z9"}, "location"),
        ({"category": 10**30}, "category"),
        ({"category": "Laptops"}, "category"),
        ({"products": ["NONE"]}, "products"),
        ({"products": ["X"] * 501}, "products"),
        ({"blind": True}, "blind"),
    ],
)
def test_a_count_of_what_there_is_not_is_not_opened(
    manager: Program, wrong: dict[str, Any], field: str
) -> None:
    answer = manager.post("/counts/", {"name": "A1", "is_blind": True} | wrong)
    assert list(problem_of(answer, 400)["errors"]) == [field]
    assert not Count.objects.exists()


def test_a_count_is_opened_once_for_a_key(
    manager: Program, stocked: Product, shelf: Location
) -> None:
    key, category = str(uuid4()), Category.objects.create(name="Laptops")
    Product.objects.update(category=category)
    asked = {"name": "A1", "is_blind": False, "location": "a1-03", "category": category.pk}
    asked |= {"products": ["nb-len-t14"], "with_empty": True}
    first, again = (manager.post("/counts/", asked, idempotency_key=key) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    count = Count.objects.get()
    assert first.headers["Location"] == f"/api/v1{way_to(count)}"
    told_ = manager.get(way_to(count)).json()
    assert told_ == first.json()
    assert (told_["state"], told_["location"], told_["products"]) == (
        "open",
        "A1-03",
        ["NB-LEN-T14"],
    )
    assert told_["progress"] == {"lines": 1, "counted": 0, "left": 1, "in_doubt": 0}
    other = manager.post("/counts/", asked | {"name": "B"}, idempotency_key=key)
    assert refused(other, 409) == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "quantity"),
        ({"quantity": 1}, "non_field_errors"),
        ({"quantity": 1, "product": "NB-LEN-T14"}, "non_field_errors"),
        ({"quantity": 1, "line": 1, "location": "A1-03"}, "non_field_errors"),
        ({"quantity": 1, "product": "NONE", "location": "A1-03"}, "product"),
        ({"quantity": 1, "product": "NB-LEN-T14", "location": "Z9"}, "location"),
        ({"quantity": 1.5, "line": 1}, "quantity"),
        ({"quantity": "1", "line": 1}, "quantity"),
        ({"quantity": 10**9, "line": 1}, "quantity"),
        ({"quantity": 1, "line": 10**30}, "line"),
        ({"quantity": 1, "line": 1, "seen": 5}, "seen"),
    ],
)
def test_what_cannot_be_said_of_a_line_is_refused_by_name(
    operator: Program, stocked: Product, said: dict[str, Any], field: str
) -> None:
    answer = operator.post(f"{way_to(opened())}entries/", said)
    assert list(problem_of(answer, 400)["errors"]) == [field]
    assert not Entry.objects.exists()


def test_the_domain_refuses_by_its_own_codes(operator: Program, stocked: Product) -> None:
    count = opened()
    line = Line.objects.get().pk
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("entries/", {"line": line, "quantity": -1}, "not_a_quantity"),
        ("entries/", {"line": line + 1, "quantity": 1}, "unknown_line"),
        ("scans/", {"code": "nothing"}, "unknown_code"),
        ("scans/", {"code": "NB-LEN-T14"}, "location_first"),
        ("scans/", {"code": "NB-LEN-T14", "location": "Z9"}, "out_of_scope"),
    ]
    for act, said, code in wrong:
        assert refused(operator.post(way_to(count) + act, said), 409) == code
    posted(count)
    late: list[tuple[str, dict[str, Any]]] = [
        ("entries/", {"line": line, "quantity": 1}),
        ("scans/", {"code": "NB-LEN-T14", "location": "A1-03"}),
    ]
    for act, said in late:
        assert refused(operator.post(way_to(count) + act, said), 409) == "count_closed"
    assert not Entry.objects.exists()


def test_a_place_outside_the_count_is_not_made_up_for_by_its_only_one(
    operator: Program, stocked: Product, shelf: Location
) -> None:
    Location.objects.create(code="B2", name="Elsewhere")
    count = opened(location=shelf)
    said = {"code": "NB-LEN-T14", "location": "B2"}
    assert refused(operator.post(f"{way_to(count)}scans/", said), 409) == "out_of_scope"
    assert not Entry.objects.exists()


def test_lines_are_counted_by_id_by_place_and_on_top_each_key_once(
    operator: Program, stocked: Product
) -> None:
    count = opened()
    line = Line.objects.get().pk
    way = f"{way_to(count)}entries/"
    key = str(uuid4())
    for _ in range(2):
        answer = operator.post(way, {"line": line, "quantity": 4}, idempotency_key=key)
        assert answer.status_code == 201
        assert answer.json() | {"at": ""} == {
            "line": line,
            "quantity": 4,
            "is_more": False,
            "counted": 4,
            "doubt": "",
            "at": "",
        }
    place = {"product": "nb-len-t14", "location": "a1-03"}
    more = operator.post(way, place | {"quantity": 2, "is_more": True}).json()
    assert (more["line"], more["counted"], more["is_more"]) == (line, 6, True)
    assert Entry.objects.count() == 2


def test_what_moved_since_it_was_seen_is_in_doubt(
    operator: Program, stocked: Product, shelf: Location
) -> None:
    count = opened(is_blind=False)
    move(stocked, shelf, -1)
    said = {"line": Line.objects.get().pk, "quantity": 4, "seen": 5}
    assert operator.post(f"{way_to(count)}entries/", said).json()["doubt"] == "seen"
    (line,) = operator.get(f"{way_to(count)}lines/?show=doubt").json()["results"]
    assert line["is_in_doubt"] is True
    posting = Program(Role.MANAGER).post(f"{way_to(count)}posting/", {})
    assert problem_of(posting, 409)["code"] == "lines_in_doubt"
    assert problem_of(posting, 409)["units"] == 1


def test_a_scanner_goes_from_place_to_place(
    operator: Program, stocked: Product, shelf: Location
) -> None:
    count = opened()
    way = f"{way_to(count)}scans/"
    assert operator.post(way, {"code": "a1-03"}).json() == {"location": "A1-03"}
    key = str(uuid4())
    for _ in range(2):
        said = {"code": "NB-LEN-T14 3", "location": "A1-03"}
        answer = operator.post(way, said, idempotency_key=key)
        assert (answer.status_code, answer.json()) == (200, {"location": "A1-03"})
    assert Line.objects.get().latest.counted == 3  # type: ignore[union-attr]  # it was counted


@pytest.mark.parametrize("is_blind", [True, False])
def test_nobody_is_told_the_book_while_a_blind_count_is_open(
    operator: Program, stocked: Product, is_blind: bool
) -> None:
    count = opened(is_blind=is_blind)
    told(count, quantity=4)
    book = {"on_hand": None, "difference": None} if is_blind else {"on_hand": 5, "difference": -1}
    (line,) = operator.get(f"{way_to(count)}lines/").json()["results"]
    assert line | book == line
    assert (line["counted"], line["counted_by_name"]) == (4, "Otto Oliveira")
    answer = operator.get(f"{way_to(count)}lines/", accept="text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["on_hand"] == ("" if is_blind else "5")
    posted(count)
    (line,) = operator.get(f"{way_to(count)}lines/").json()["results"]
    assert (line["on_hand"], line["difference"], line["is_in_doubt"]) == (5, -1, False)
    assert line["transaction"]
    assert operator.get(f"{way_to(count)}lines/?show=doubt").json()["results"] == []


def test_lines_are_narrowed_down_as_on_the_page(
    operator: Program, stocked: Product, shelf: Location
) -> None:
    other = Product.objects.create(sku="X2", name="Mouse")
    receive(other, shelf, 1)
    count = opened()
    told(count, Line.objects.get(number=1))
    lines = f"{way_to(count)}lines/"
    assert [row["number"] for row in operator.get(f"{lines}?show=left").json()["results"]] == [2]
    assert [row["number"] for row in operator.get(f"{lines}?start=2").json()["results"]] == [2]
    page = operator.get(f"{lines}?limit=1").json()
    assert ([row["number"] for row in page["results"]], bool(page["next"])) == ([1], True)
    for wrong in ("show=none", "start=0", "cursor=x"):
        assert refused(operator.get(f"{lines}?{wrong}"), 400) == "invalid"
    assert refused(operator.get("/counts/999999/lines/"), 404) == "not_found"


def test_posting_is_previewed_and_done_once(
    manager: Program, stocked: Product, shelf: Location
) -> None:
    count = opened()
    told(count, quantity=4)
    preview = manager.get(f"{way_to(count)}posting/").json()
    assert (preview["differing"], preview["more"], preview["fewer"]) == (1, 0, -1)
    done = manager.post(f"{way_to(count)}posting/", {})
    assert (done.status_code, done.json()["state"]) == (200, "posted")
    assert done.json()["totals"]["fewer"] == -1
    assert manager.post(f"{way_to(count)}posting/", {}).json() == done.json()
    assert on_hand(stocked, shelf) == 4
    assert refused(manager.get(f"{way_to(count)}posting/"), 409) == "count_closed"


def test_what_nobody_counted_is_none_where_asked(
    manager: Program, stocked: Product, shelf: Location
) -> None:
    done = manager.post(f"{way_to(opened())}posting/", {"is_rest_none": True}).json()
    assert (done["is_rest_none"], done["totals"]["fewer"]) == (True, -5)
    assert on_hand(stocked, shelf) == 0


def test_a_cancelled_count_posts_nothing(
    manager: Program, stocked: Product, shelf: Location
) -> None:
    count = opened()
    told(count, quantity=4)
    key = str(uuid4())
    for _ in range(2):
        answer = manager.post(f"{way_to(count)}cancellation/", None, idempotency_key=key)
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    again = manager.post(f"{way_to(count)}cancellation/", None)
    assert refused(again, 409) == "count_closed"
    assert refused(manager.post(f"{way_to(count)}posting/", {}), 409) == "count_closed"
    assert on_hand(stocked, shelf) == 5


def test_lists_cost_the_same_however_long(operator: Program, shelf: Location) -> None:
    costs = []
    for many in (1, 6):
        for number in range(many):
            product = Product.objects.create(sku=f"P{many}-{number}", name=f"P{number}")
            receive(product, shelf, 1)
            count = opened(location=shelf)
        for line in Line.objects.filter(count=count):
            told(count, line, quantity=1)
        ways = ("/counts/", f"{way_to(count)}lines/")
        assert all(len(operator.get(way).json()["results"]) >= many for way in ways)
        costs.append([cost_of(operator, way) for way in ways])
    assert costs[0] == costs[1]
