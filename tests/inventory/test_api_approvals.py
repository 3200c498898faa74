"""What waits for a second person, in the API: looked at, approved, refused, taken back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Approval
from tests.inventory.conftest import receive
from tests.inventory.counting import move, on_hand
from tests.inventory.programs import Program, problem_of, refused
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


@pytest.fixture
def act(laptop: Product, full: Location) -> Approval:
    """A write-off of 101 that the operator asked for."""
    return waiting(asked(laptop, full, -101))


def approve(role: Role, act: Approval, **headers: str) -> Any:
    """Approve it."""
    return Program(role).send("POST", f"/approvals/{act.pk}/approval/", **headers)


def refuse(role: Role, act: Approval, refusal: object = "Look again") -> Any:
    """Refuse it."""
    return Program(role).post(f"/approvals/{act.pk}/refusal/", {"refusal": refusal})


def test_nobody_approves_their_own(laptop: Product, full: Location) -> None:
    own = waiting(asked(laptop, full, -101), by=Role.MANAGER)
    assert refused(approve(Role.MANAGER, own), 409) == "four_eyes"
    assert on_hand(laptop, full) == 500


def test_only_managers_decide_about_others(laptop: Product, full: Location) -> None:
    other = waiting(asked(laptop, full, -101), by=Role.MANAGER)
    for role in (Role.VIEWER, Role.OPERATOR):
        assert refused(approve(role, other), 403) == "permission_denied"
        assert refused(refuse(role, other), 403) == "permission_denied"
    other.refresh_from_db()
    assert other.is_waiting


@pytest.mark.parametrize("refusal", ["", " ", None, "x" * 201, ["No"]])
def test_a_refusal_says_why(act: Approval, refusal: object) -> None:
    assert list(problem_of(refuse(Role.MANAGER, act, refusal), 400)["errors"]) == ["refusal"]
    act.refresh_from_db()
    assert act.is_waiting


def test_what_is_impossible_by_now_waits_on(act: Approval, laptop: Product, full: Location) -> None:
    move(laptop, full, -450)
    problem = problem_of(approve(Role.MANAGER, act), 409)
    assert (problem["code"], problem["units"]) == ("insufficient_stock", 50)
    told = Program(Role.VIEWER).get(f"/approvals/{act.pk}/").json()
    assert (told["state"], told["lines"][0]["is_short"]) == ("waiting", True)
    move(laptop, full, 100)
    assert approve(Role.MANAGER, act).status_code == 200


def test_what_is_decided_stays_decided(act: Approval) -> None:
    assert refuse(Role.MANAGER, act).status_code == 200
    assert refused(approve(Role.ADMIN, act), 409) == "already_decided"
    assert refused(refuse(Role.ADMIN, act), 409) == "already_decided"


def test_it_happens_once_and_names_what_was_recorded(
    act: Approval, laptop: Product, full: Location
) -> None:
    key = str(uuid4())
    first, again = (approve(Role.MANAGER, act, idempotency_key=key) for _ in range(2))
    told = first.json()
    assert (first.content, again.headers["Idempotency-Replayed"]) == (again.content, "true")
    assert (told["state"], told["approved_by_name"]) == ("approved", "Marina Ribeiro")
    assert on_hand(laptop, full) == 399
    line = Program(Role.VIEWER).get(f"/transactions/{told['transactions'][0]}/").json()
    assert (line["actor_name"], line["approval"]) == ("Otto Oliveira", act.pk)


def test_who_asked_takes_it_back(act: Approval) -> None:
    told = refuse(Role.OPERATOR, act, "My mistake").json()
    assert (told["state"], told["refusal"]) == ("refused", "My mistake")
    assert told["refused_by_name"] == "Otto Oliveira"


def test_the_list_tells_what_waits_and_what_was_decided(
    act: Approval, laptop: Product, full: Location
) -> None:
    over = waiting(asked(laptop, full, -102))
    refuse(Role.MANAGER, over)
    viewer = Program(Role.VIEWER)

    def found(query: str) -> list[int]:
        return [row["id"] for row in viewer.get(f"/approvals/?{query}").json()["results"]]

    assert found("") == [over.pk, act.pk]
    assert found("state=waiting") == [act.pk]
    assert found("state=decided") == [over.pk]
    assert list(problem_of(viewer.get("/approvals/?state=lost"), 400)["errors"]) == ["state"]


def test_one_is_told_with_its_lines(act: Approval) -> None:
    told = Program(Role.VIEWER).get(f"/approvals/{act.pk}/").json()
    assert (told["units"], told["created_by_name"]) == (101, "Otto Oliveira")
    assert told["lines"] == [
        {
            "kind": "write_off",
            "product": "NB-LEN-T14",
            "location": "A1-03",
            "quantity": -101,
            "reason": "Damaged",
            "on_hand": 500,
            "is_short": False,
        }
    ]
    assert told["transactions"] == []
