"""Who may call which operation of the API, by token: every role and nobody, every operation.

The operations are those of the OpenAPI document, the rights those of the table of all routes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Supplier
from tests.contract.openapi.snapshots import document_now
from tests.inventory.conftest import claims_of, signed
from tests.inventory.programs import API, problem_of
from tests.inventory.test_role_matrix import TABLE, address, things
from tests.routes import ANY, PUBLIC

pytestmark = pytest.mark.django_db
__all__ = ["things"]  # a fixture

LADDER: list[str | None] = [None, *Role]
PREFIX = "api/v1/"
RIGHTS = {
    (route, method): least
    for route, row in TABLE.items()
    if route.startswith(PREFIX) and PUBLIC not in row.values()
    for method, least in row.items()
}
"""By route and method, the least role that may."""


def bearer_of(role: Role, **claims: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {signed(claims_of(role, **claims))}"}


def as_documented(route: str) -> str:
    """Write a route as the document does, where a key is an id."""
    return "/" + re.sub(r"<[a-z]+:([a-z]+)>", r"{\1}", route).replace("{pk}", "{id}")


def test_every_operation_has_a_right_and_every_right_an_operation() -> None:
    document, _complaints = document_now()
    operations = {
        (path, method.upper()) for path, item in document["paths"].items() for method in item
    }
    ruled = {(as_documented(route), method) for route, method in RIGHTS}
    assert ruled == operations
    assert all(method != ANY for _route, method in RIGHTS)


@pytest.mark.parametrize(("route", "method"), RIGHTS)
def test_an_operation_is_for_its_least_role_and_those_above(
    route: str, method: str, request: pytest.FixtureRequest
) -> None:
    path = address(route, request.getfixturevalue("things"))
    least = RIGHTS[route, method]
    found, right = {}, {}
    for place, role in enumerate(LADDER):
        headers = bearer_of(Role(role)) if role else {}
        client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        # Without a key every write stops at the very door behind the one that is looked at here.
        answer = client.generic(method, path, "{}", "application/json", headers=headers)
        found[role] = answer.status_code
        may = place >= LADDER.index(least)
        let_in = 200 if method == "GET" else 400
        right[role] = let_in if may else 401 if role is None else 403
        if not may:
            code = problem_of(answer, right[role])["code"]
            assert code == ("permission_denied" if role else "not_authenticated")
    assert found == right


@pytest.mark.parametrize("scope", ["read", "move", "manage", "read move"])
def test_a_token_may_what_its_role_and_its_scope_both_may(scope: str) -> None:
    client = Client(HTTP_HOST="localhost")
    headers = bearer_of(Role.ADMIN, scope=scope) | {"idempotency-key": str(uuid4())}
    asked: Any = {"data": {"name": "Bechtle"}, "content_type": "application/json"}
    answer = client.post(f"{API}/suppliers/", headers=headers, **asked)
    assert problem_of(answer, 403)["code"] == "permission_denied"
    may_read = "read" in scope
    assert (client.get(f"{API}/suppliers/", headers=headers).status_code == 200) is may_read
    assert not Supplier.objects.exists()


@pytest.mark.parametrize(
    ("cookie", "bearer"), [(Role.ADMIN, Role.VIEWER), (Role.VIEWER, Role.ADMIN)]
)
def test_of_two_people_the_bearer_decides(
    client_as: Callable[[Role], Client], cookie: Role, bearer: Role
) -> None:
    client = client_as(cookie)
    headers = bearer_of(bearer) | {"idempotency-key": str(uuid4())}
    asked: Any = {"data": {"name": "Bechtle"}, "content_type": "application/json"}
    answer = client.post(f"{API}/suppliers/", headers=headers, **asked)
    assert answer.status_code == (201 if bearer is Role.ADMIN else 403)
    assert Supplier.objects.exists() is (bearer is Role.ADMIN)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x.y.z",
        "Basic YWRtaW46YWRtaW4=",
        "Token ed73edf3-fc27-48b6-8f89-91238fe243e5",
        "expired",
        "forged",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_bearer_never_falls_back_to_a_good_cookie(
    client_as: Callable[[Role], Client], wrong: str, method: str
) -> None:
    good = signed(claims_of(Role.ADMIN))
    made = {
        "expired": f"Bearer {signed(claims_of(Role.ADMIN, exp=1))}",
        "forged": f"Bearer {good}x",
    }
    client = client_as(Role.ADMIN)
    assert client.cookies[settings.ACCESS_COOKIE].value
    answer = client.generic(
        method,
        f"{API}/suppliers/",
        '{"name": "Bechtle"}',
        "application/json",
        headers={"authorization": made.get(wrong, wrong), "idempotency-key": str(uuid4())},
    )
    assert problem_of(answer, 401)["code"] == "invalid_token"
    assert "error" in answer.headers["WWW-Authenticate"]
    assert not Supplier.objects.exists()
