"""Acts of several lines in the API: all or nothing, tried before, taken back as one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.models import Approval, Batch, StockLevel, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Program:
    """A program of a technician."""
    return Program(Role.OPERATOR)


@pytest.fixture
def dock(db: None) -> Product:
    """Another product."""
    return Product.objects.create(sku="DK-1", name="Dock")


@pytest.fixture
def bench(db: None) -> Location:
    """Another place."""
    return Location.objects.create(code="B2", name="Bench")


@pytest.fixture(autouse=True)
def stocked(laptop: Product, dock: Product, shelf: Location, bench: Location) -> None:
    """Five laptops and two docks on the shelf."""
    receive(laptop, shelf, 5)
    receive(dock, shelf, 2)


def line(product: str, quantity: int, **changes: Any) -> dict[str, Any]:
    """One line, out of the shelf unless it says otherwise."""
    return {
        "product": product,
        "location": "A1-03",
        "quantity": quantity,
        "kind": "issue",
    } | changes


def transferred(product: str, quantity: int) -> dict[str, Any]:
    """One line of a transfer to the bench."""
    return line(product, quantity, kind="transfer", destination="b2")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "import"}, "kind"),
        ({"kind": "count"}, "kind"),
        ({"lines": []}, "lines"),
        ({"lines": "all"}, "lines"),
        ({"reason": "x" * 201}, "reason"),
        ({"reference": "x" * 65}, "reference"),
        ({"lines": [line("DK-1", 1)] * 1001}, "lines"),
        ({"destination": "B2"}, "destination"),
    ],
)
def test_a_wrong_act_is_refused_by_its_field(
    operator: Program, body: dict[str, Any], field: str
) -> None:
    good = {"kind": "bulk", "lines": [line("DK-1", 1)]}
    assert list(problem_of(operator.post("/batches/", good | body), 400)["errors"]) == [field]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("bulk", line("GONE", 1), "product"),
        ("bulk", line("DK-1", 0), "quantity"),
        ("bulk", line("DK-1", 1, location="GONE"), "location"),
        ("bulk", line("DK-1", 1, location=7), "location"),
        ("bulk", line("DK-1", 1, kind="write_off"), "reason"),
        ("bulk", line("DK-1", 1, kind="receipt", supplier=999), "supplier"),
        ("bulk", line("DK-1", 1, kind="receipt", supplier="3"), "supplier"),
        ("bulk", line("DK-1", 1, reservation=2**63), "reservation"),
        ("bulk", line("DK-1", 1, sku="DK-1"), "sku"),
        ("bulk", transferred("DK-1", 1), "kind"),
        ("receipt", line("DK-1", 1), "kind"),
        ("transfer", line("DK-1", 1), "kind"),
    ],
)
def test_a_wrong_line_is_named_at_its_place_among_the_others(
    operator: Program, kind: str, wrong: dict[str, Any], field: str
) -> None:
    right = {"bulk": line("DK-1", 1), "transfer": transferred("DK-1", 1)}
    lines = [right.get(kind, line("DK-1", 1, kind="receipt")), wrong]
    problem = problem_of(operator.post("/batches/", {"kind": kind, "lines": lines}), 400)
    assert list(problem["errors"]["lines"]) == ["2"]
    assert list(problem["errors"]["lines"]["2"]) == [field]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("kind", "make"), [("bulk", line), ("transfer", transferred)], ids=["bulk", "transfer"]
)
def test_lines_that_stand_in_the_way_come_back_by_number_and_nothing_moves(
    operator: Program, kind: str, make: Any
) -> None:
    lines = [make("NB-LEN-T14", 5), make("DK-1", 3)]
    problem = problem_of(operator.post("/batches/", {"kind": kind, "lines": lines}), 409)
    assert problem["code"] == "insufficient_stock"
    assert problem["lines"] == [
        {
            "number": 2,
            "transaction": None,
            "product": "DK-1",
            "location": "A1-03",
            "available": 2,
            "code": "insufficient_stock",
        }
    ]
    assert StockTransaction.objects.count() == 2


def test_a_dry_run_says_what_would_become_of_every_line_and_writes_nothing(
    operator: Program,
) -> None:
    lines = [transferred("NB-LEN-T14", 5), transferred("DK-1", 3)]
    body = {"kind": "transfer", "lines": lines}
    told = operator.post("/batches/?dry_run=true", body).json()
    assert (told["is_possible"], told["waits"], told["code"]) == (
        False,
        False,
        "insufficient_stock",
    )
    rows = [
        (row["number"], row["location"], row["before"], row["after"], bool(row["problem"]))
        for row in told["lines"]
    ]
    assert rows == [
        (1, "A1-03", 5, 0, False),
        (1, "B2", 0, 5, False),
        (2, "A1-03", 2, -1, True),
        (2, "B2", 0, 3, False),
    ]
    good = operator.post("/batches/?dry_run=true", {"kind": "transfer", "lines": lines[:1]})
    assert good.json()["is_possible"]
    assert not Batch.objects.exists()
    assert problem_of(operator.post("/batches/?dry_run=1", body), 400)["errors"]["dry_run"]


def test_a_delivery_is_one_act(operator: Program, laptop: Product, shelf: Location) -> None:
    supplier, key = Supplier.objects.create(name="Bechtle"), str(uuid4())
    came = {"kind": "receipt", "supplier": supplier.pk, "unit_cost": "9.90", "reference": "DN-1"}
    lines = [line("nb-len-t14", 2, **came), line("dk-1", 3, **came, location="b2")]
    body = {"kind": "receipt", "reference": "DN-1", "lines": lines}
    answers = [operator.post("/batches/", body, idempotency_key=key) for _ in range(2)]
    told = answers[0].json()
    assert answers[0].content == answers[1].content
    assert (answers[0].status_code, told["kind"], told["reference"]) == (201, "receipt", "DN-1")
    rows = [(row["product"], row["location"], row["quantity"]) for row in told["lines"]]
    assert rows == [("NB-LEN-T14", "A1-03", 2), ("DK-1", "B2", 3)]
    assert {row["unit_cost"] for row in told["lines"]} == {"9.9000"}
    assert on_hand(laptop, shelf) == 7
    read = operator.get(answers[0].headers["Location"].removeprefix("/api/v1"))
    assert (read.json(), told["has_more_lines"]) == (told, False)
    other = operator.post("/batches/", body | {"reference": "DN-2"}, idempotency_key=key)
    assert refused(other, 409) == "idempotency_key_reused"


def test_a_thousand_lines_are_looked_up_together(operator: Program) -> None:
    supplier = Supplier.objects.create(name="Bechtle")
    costs = []
    for many in (10, 1000):
        came = line("DK-1", 1, kind="receipt", supplier=supplier.pk)
        with CaptureQueriesContext(connection) as queries:
            answer = operator.post("/batches/", {"kind": "receipt", "lines": [came] * many})
        assert len(answer.json()["lines"]) == many
        costs.append(len([query for query in queries if "access_cutoff" not in query["sql"]]))
    assert costs[0] == costs[1]
    assert StockLevel.objects.get(product__sku="DK-1").on_hand == 2 + 1010


def test_what_needs_another_person_makes_the_whole_wait(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 500)
    gone = line("NB-LEN-T14", 101, kind="write_off", reason="Damaged")
    body = {"kind": "bulk", "reason": "Flood", "lines": [line("DK-1", 1), gone]}
    trial = operator.post("/batches/?dry_run=true", body).json()
    assert (trial["is_possible"], trial["waits"], trial["code"]) == (True, True, "approval_needed")
    answer = operator.post("/batches/", body)
    assert (answer.status_code, answer.json()["batch_kind"]) == (202, "bulk")
    assert on_hand(laptop, shelf) == 505
    act = Approval.objects.get()
    told = Program(Role.MANAGER).send("POST", f"/approvals/{act.pk}/approval/").json()
    assert (told["state"], len(told["transactions"])) == ("approved", 2)
    assert on_hand(laptop, shelf) == 404


def test_a_batch_is_taken_back_as_one_or_told_why_not(
    operator: Program, dock: Product, bench: Location
) -> None:
    body = {"kind": "transfer", "lines": [transferred("NB-LEN-T14", 5), transferred("DK-1", 2)]}
    batch = operator.post("/batches/", body).json()
    path = f"/batches/{batch['id']}/reversal/"
    gone = line("DK-1", 1, location="B2")
    undo = operator.post("/transactions/", gone).json()["id"]
    problem = problem_of(operator.send("POST", path), 409)
    stuck = problem["lines"][0]
    assert (problem["code"], len(problem["lines"])) == ("batch_stays", 1)
    assert (stuck["transaction"], stuck["available"]) == (batch["lines"][3]["id"], 1)
    operator.send("POST", f"/transactions/{undo}/reversal/")
    told = operator.post(path, {"reason": "Wrong room"}).json()
    assert (told["kind"], told["reverses"], told["reason"]) == (
        "reversal",
        batch["id"],
        "Wrong room",
    )
    assert on_hand(dock, bench) == 0
    assert operator.get(f"/batches/{batch['id']}/").json()["reversed_by"] == told["id"]
    assert refused(operator.send("POST", path), 409) == "already_reversed"


def test_what_managers_take_back_others_do_not(operator: Program) -> None:
    body = {"kind": "receipt", "lines": [line("DK-1", 1, kind="receipt")]}
    path = f"/batches/{operator.post('/batches/', body).json()['id']}/reversal/"
    assert refused(operator.send("POST", path), 403) == "permission_denied"
    assert Program(Role.MANAGER).send("POST", path).status_code == 201


def test_the_list_tells_acts_of_a_kind_without_their_lines(operator: Program) -> None:
    operator.post("/batches/", {"kind": "bulk", "lines": [line("DK-1", 1)]})
    operator.post("/batches/", {"kind": "transfer", "lines": [transferred("DK-1", 1)]})
    rows = operator.get("/batches/").json()["results"]
    assert [row["kind"] for row in rows] == ["transfer", "bulk"]
    assert "lines" not in rows[0]
    assert operator.get("/batches/?kind=bulk").json()["results"] == rows[1:]
    assert list(problem_of(operator.get("/batches/?kind=gift"), 400)["errors"]) == ["kind"]
