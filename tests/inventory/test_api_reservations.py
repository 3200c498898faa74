"""Units held for somebody in the API: hold, hand out, let go."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Reservation
from tests.inventory.conftest import receive
from tests.inventory.holding import hold, in_days, stand
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Program:
    """A program of a technician."""
    return Program(Role.OPERATOR)


@pytest.fixture(autouse=True)
def ten(laptop: Product, shelf: Location) -> None:
    """Ten laptops on the shelf."""
    receive(laptop, shelf, 10)


def wish(**changes: Any) -> dict[str, Any]:
    """Four laptops for Ana, for a week, with some words changed or left out."""
    good = {"product": "nb-len-t14", "location": "a1-03", "quantity": 4, "recipient": "Ana"}
    good |= {"until": str(in_days(7))} | changes
    return {name: value for name, value in good.items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": "GONE"}, "product"),
        ({"location": ...}, "location"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": "4"}, "quantity"),
        ({"recipient": ""}, "recipient"),
        ({"recipient": "x" * 121}, "recipient"),
        ({"reference": "x" * 65}, "reference"),
        ({"until": str(in_days(-1))}, "until"),
        ({"until": "soon"}, "until"),
        ({"kind": "issue"}, "kind"),
    ],
)
def test_a_wrong_wish_is_refused_by_its_field(
    operator: Program, changes: dict[str, Any], field: str
) -> None:
    problem = problem_of(operator.post("/reservations/", wish(**changes)), 400)
    assert list(problem["errors"]) == [field]
    assert not Reservation.objects.exists()


def test_more_than_there_is_is_not_held(operator: Program) -> None:
    problem = problem_of(operator.post("/reservations/", wish(quantity=11)), 409)
    assert (problem["code"], problem["units"]) == ("insufficient_stock", 10)


def test_a_viewer_holds_hands_out_and_lets_go_of_nothing(laptop: Product, shelf: Location) -> None:
    held, viewer = hold(laptop, shelf, 4), Program(Role.VIEWER)
    for path, data in [
        ("/reservations/", wish()),
        (f"/reservations/{held.pk}/issue/", {"quantity": 1}),
        (f"/reservations/{held.pk}/release/", None),
    ]:
        assert refused(viewer.post(path, data), 403) == "permission_denied"
    assert stand(laptop, shelf) == (10, 4, 6)


def test_units_are_held_once_under_one_key(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    key = str(uuid4())
    answers = [operator.post("/reservations/", wish(), idempotency_key=key) for _ in range(2)]
    told = answers[0].json()
    assert (answers[0].status_code, answers[0].content) == (201, answers[1].content)
    assert (told["product"], told["location"]) == ("NB-LEN-T14", "A1-03")
    assert (told["left_over"], told["closed_as"]) == (4, "")
    assert operator.get(answers[0].headers["Location"].removeprefix("/api/v1")).json() == told
    other = operator.post("/reservations/", wish(quantity=5), idempotency_key=key)
    assert refused(other, 409) == "idempotency_key_reused"
    assert stand(laptop, shelf) == (10, 4, 6)


def test_held_units_are_handed_out_until_none_is_left(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    path = f"/reservations/{hold(laptop, shelf, 4).pk}"
    assert list(problem_of(operator.post(f"{path}/issue/", {"quantity": 0}), 400)["errors"])
    told = operator.post(f"{path}/issue/", {"quantity": 3, "reference": "T-1"}).json()
    assert (told["kind"], told["quantity"], told["recipient"]) == ("issue", -3, "Ana")
    answer = operator.post(f"{path}/issue/", {"quantity": 2})
    assert refused(answer, 409) == "reservation_exceeded"
    operator.post(f"{path}/issue/", {"quantity": 1})
    closed = operator.get(f"{path}/").json()
    assert (closed["left_over"], closed["closed_as"]) == (0, "issued")
    assert closed["closed_by_name"] == "Otto Oliveira"
    assert stand(laptop, shelf) == (6, 0, 6)


def test_what_is_let_go_is_available_and_a_second_time_changes_nothing(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    path, key = f"/reservations/{hold(laptop, shelf, 4).pk}/release/", str(uuid4())
    first = operator.send("POST", path, idempotency_key=key)
    again = operator.send("POST", path, idempotency_key=key)
    assert (first.json()["closed_as"], first.content) == ("released", again.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    later = Program(Role.MANAGER).send("POST", path)
    assert (later.status_code, later.json()["closed_by_name"]) == (200, "Otto Oliveira")
    assert stand(laptop, shelf) == (10, 0, 10)


def test_the_list_is_narrowed_down_by_state_and_place(
    operator: Program, laptop: Product, shelf: Location
) -> None:
    far, soon = hold(laptop, shelf, 1), hold(laptop, shelf, 1, until=in_days(2))
    over = hold(laptop, shelf, 1)
    operator.send("POST", f"/reservations/{over.pk}/release/")

    def found(query: str) -> list[int]:
        rows = operator.get(f"/reservations/?{query}").json()["results"]
        return [row["id"] for row in rows]

    assert found("") == [over.pk, soon.pk, far.pk]
    assert found("state=open&ordering=until") == [soon.pk, far.pk]
    assert found("state=ending") == [soon.pk]
    assert found("state=closed") == [over.pk]
    assert found("product=nb-len-t14&location=a1-03") == found("")
    for query in ("state=held", "product=GONE", "location=GONE"):
        problem = problem_of(operator.get(f"/reservations/?{query}"), 400)
        assert list(problem["errors"]) == [query.partition("=")[0]]
