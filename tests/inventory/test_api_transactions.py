"""One movement in the API: what is refused, what is recorded, what waits, what is undone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.models import Approval, Batch, StockLevel, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.holding import hold, in_days
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db

OF_LAPTOP = "/products/nb-len-t14/transactions/"


@pytest.fixture
def operator() -> Program:
    """A program of a technician."""
    return Program(Role.OPERATOR)


@pytest.fixture
def five(laptop: Product, shelf: Location) -> StockTransaction:
    """Five laptops on the shelf."""
    return receive(laptop, shelf, 5)


def asked(**changes: Any) -> dict[str, Any]:
    """One laptop received, with some words changed, or left out where the change is `...`."""
    good = {"product": "nb-len-t14", "location": "a1-03", "kind": "receipt", "quantity": 1}
    return {name: value for name, value in (good | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "count"}, "kind"),
        ({"kind": "reversal"}, "kind"),
        ({"kind": ...}, "kind"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": "1"}, "quantity"),
        ({"quantity": 1.0}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"quantity": 1_000_001}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"product": "GONE"}, "product"),
        ({"product": 7}, "product"),
        ({"product": ...}, "product"),
        ({"location": "GONE"}, "location"),
        ({"supplier": 999}, "supplier"),
        ({"unit_cost": 3.5}, "unit_cost"),
        ({"unit_cost": "3,5"}, "unit_cost"),
        ({"unit_cost": "1e3"}, "unit_cost"),
        ({"unit_cost": "-1"}, "unit_cost"),
        ({"unit_cost": "0.00001"}, "unit_cost"),
        ({"unit_cost": "100000001"}, "unit_cost"),
        ({"recipient": "Ana"}, "recipient"),
        ({"destination": "A1-03"}, "destination"),
        ({"kind": "issue", "unit_cost": "3"}, "unit_cost"),
        ({"kind": "issue", "reservation": 999}, "reservation"),
        ({"kind": "transfer"}, "destination"),
        ({"kind": "transfer", "destination": "a1-03"}, "destination"),
        ({"kind": "write_off"}, "reason"),
        ({"kind": "write_off", "reason": "counted"}, "reason"),
        ({"kind": "adjustment", "quantity": 4, "reason": "Found"}, "kind"),
        ({"kind": "adjustment", "quantity": 5, "reason": "Found", "seen": 5}, "quantity"),
        ({"occurred_on": str(in_days(1))}, "occurred_on"),
        ({"occurred_on": "yesterday"}, "occurred_on"),
        ({"reason": "x" * 201}, "reason"),
        ({"reference": "x" * 65}, "reference"),
        ({"note": "x"}, "note"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_moves(
    operator: Program, five: StockTransaction, changes: dict[str, Any], field: str
) -> None:
    problem = problem_of(operator.post("/transactions/", asked(**changes)), 400)
    assert list(problem["errors"]) == [field]
    assert problem["errors"][field][0]
    assert StockTransaction.objects.count() == 1


def test_more_than_there_is_does_not_go_out(operator: Program, five: StockTransaction) -> None:
    problem = problem_of(operator.post("/transactions/", asked(kind="issue", quantity=6)), 409)
    assert (problem["code"], problem["units"]) == ("insufficient_stock", 5)
    assert problem["lines"][0]["number"] == 1
    assert problem["detail"] == "Not enough stock: only 5 available."


@pytest.mark.parametrize("kind", ["issue", "receipt", "transfer"])
def test_what_somebody_else_moved_meanwhile_is_not_moved_unseen(
    operator: Program, five: StockTransaction, kind: str
) -> None:
    Location.objects.create(code="B2")
    there = {"destination": "B2"} if kind == "transfer" else {}
    answer = operator.post("/transactions/", asked(kind=kind, seen=4, **there))
    problem = problem_of(answer, 409)
    assert (problem["code"], problem["units"]) == ("stock_changed", 5)


@pytest.mark.parametrize("path", ["/transactions/", OF_LAPTOP])
def test_a_viewer_and_a_token_for_reading_move_nothing(five: StockTransaction, path: str) -> None:
    for program in (Program(Role.VIEWER), Program(Role.MANAGER, scope="read")):
        assert refused(program.post(path, asked()), 403) == "permission_denied"
    assert StockTransaction.objects.count() == 1


def test_without_a_key_nothing_moves(operator: Program, five: StockTransaction) -> None:
    for path in ("/transactions/", OF_LAPTOP, f"/transactions/{five.pk}/reversal/"):
        answer = operator.post(path, asked(), idempotency_key="")
        assert refused(answer, 400) == "idempotency_key_missing"
    assert StockTransaction.objects.count() == 1


def test_one_key_counts_once_and_is_taken_for_nothing_else(
    operator: Program, five: StockTransaction
) -> None:
    key = str(uuid4())
    first = operator.post("/transactions/", asked(quantity=3), idempotency_key=key)
    again = operator.post("/transactions/", asked(quantity=3), idempotency_key=key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    other = operator.post("/transactions/", asked(quantity=4), idempotency_key=key)
    assert refused(other, 409) == "idempotency_key_reused"
    assert StockLevel.objects.get().on_hand == 8


def test_a_receipt_is_recorded_with_all_that_was_said(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    supplier = Supplier.objects.create(name="Bechtle")
    words = {"supplier": supplier.pk, "unit_cost": "899.50", "reference": "PO-1", "reason": "Late"}
    answer = operator.post("/transactions/", asked(**words, occurred_on=str(in_days(-2))))
    told = answer.json()
    assert answer.status_code == 201
    assert told | words | {"unit_cost": "899.5000"} == told
    assert (told["product"], told["location"]) == ("NB-LEN-T14", "A1-03")
    assert (told["quantity"], told["balance_after"], told["value"]) == (1, 1, "899.5000")
    assert told["occurred_on"] == str(in_days(-2))
    read = operator.get(answer.headers["Location"].removeprefix("/api/v1"))
    assert (read.json(), read.headers["ETag"]) == (told, answer.headers["ETag"])


def test_what_goes_out_needs_no_sign(operator: Program, five: StockTransaction) -> None:
    data = asked(kind="issue", quantity=2, recipient="Ana", product=...)
    told = operator.post(OF_LAPTOP, data).json()
    assert (told["quantity"], told["balance_after"], told["recipient"]) == (-2, 3, "Ana")


def test_the_address_names_the_product_and_the_body_cannot(
    operator: Program, five: StockTransaction
) -> None:
    assert list(problem_of(operator.post(OF_LAPTOP, asked()), 400)["errors"]) == ["product"]
    assert refused(operator.post("/products/GONE/transactions/", asked()), 404) == "not_found"


def test_units_go_out_of_a_reservation_to_whom_they_are_held_for(
    operator: Program, five: StockTransaction, laptop: Product, shelf: Location
) -> None:
    held = hold(laptop, shelf, 4)
    words = {"kind": "issue", "reservation": held.pk}
    assert operator.post("/transactions/", asked(**words)).json()["recipient"] == "Ana"
    answer = operator.post("/transactions/", asked(**words, quantity=4))
    assert refused(answer, 409) == "reservation_exceeded"


def test_a_correction_says_what_there_is_and_what_was_seen(
    operator: Program, five: StockTransaction
) -> None:
    words = {"kind": "adjustment", "quantity": 3, "reason": "Lost", "seen": 5}
    told = operator.post("/transactions/", asked(**words)).json()
    assert (told["quantity"], told["balance_after"], told["reason"]) == (-2, 3, "Lost")


def test_a_transfer_is_a_batch_of_two_lines(operator: Program, five: StockTransaction) -> None:
    Location.objects.create(code="B2")
    answer = operator.post("/transactions/", asked(kind="transfer", quantity=2, destination="b2"))
    told = answer.json()
    assert (answer.status_code, told["kind"]) == (201, "transfer")
    assert answer.headers["Location"] == f"/api/v1/batches/{Batch.objects.get().pk}/"
    ends = [(line["location"], line["quantity"]) for line in told["lines"]]
    assert ends == [("A1-03", -2), ("B2", 2)]


def test_what_needs_another_person_waits_and_is_refused_once_refused(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 500)
    data, key = asked(kind="write_off", quantity=101, reason="Damaged"), str(uuid4())
    answers = [operator.post("/transactions/", data, idempotency_key=key) for _ in range(2)]
    act = Approval.objects.get()
    for answer in answers:
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
        assert answer.headers["Location"] == f"/api/v1/approvals/{act.pk}/"
    assert StockLevel.objects.get().on_hand == 500
    manager = Program(Role.MANAGER)
    manager.post(f"/approvals/{act.pk}/refusal/", {"refusal": "No"})
    again = operator.post("/transactions/", data, idempotency_key=key)
    assert refused(again, 409) == "already_decided"


def test_a_transaction_is_taken_back_once(operator: Program, five: StockTransaction) -> None:
    path, key = f"/transactions/{five.pk}/reversal/", str(uuid4())
    told = [operator.post(path, {"reason": "Oops"}, idempotency_key=key).json() for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["reverses"], told[0]["quantity"], told[0]["reason"]) == (five.pk, -5, "Oops")
    assert refused(operator.send("POST", path), 409) == "already_reversed"
    assert operator.get(f"/transactions/{five.pk}/").json()["reversed_by"] == told[0]["id"]


def test_a_line_of_what_managers_record_is_taken_back_by_managers(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    line = {"product": "NB-LEN-T14", "location": "A1-03", "kind": "receipt", "quantity": 1}
    batch = operator.post("/batches/", {"kind": "receipt", "lines": [line]}).json()
    path = f"/transactions/{batch['lines'][0]['id']}/reversal/"
    assert refused(operator.send("POST", path), 403) == "permission_denied"
    assert Program(Role.MANAGER).send("POST", path).status_code == 201
