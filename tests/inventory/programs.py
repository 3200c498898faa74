"""Programs that call the API: JSON in and out, a key with each write."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory_site.access.roles import Role
from tests.inventory.conftest import claims_of, signed

API = "/api/v1"


class Program:
    """A client with a bearer token, which checks for CSRF as a server does."""

    def __init__(self, role: Role, **claims: Any) -> None:
        authorization = f"Bearer {signed(claims_of(role, **claims))}"
        self.client = Client(
            enforce_csrf_checks=True,
            HTTP_HOST="localhost",
            headers={"authorization": authorization},
        )

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.client.get(API + path, headers=_named(headers))

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Write, with a key of its own where none is given."""
        content = "" if data is None else data if isinstance(data, str) else json.dumps(data)
        sent = _named(
            {"idempotency_key": str(uuid4()), "content_type": "application/json"} | headers
        )
        kind = sent.pop("content-type")
        sent = {name: value for name, value in sent.items() if value}
        return self.client.generic(method, API + path, content, content_type=kind, headers=sent)

    def post(self, path: str, data: Any, **headers: str) -> Any:
        """Add."""
        return self.send("POST", path, data, **headers)


def cost_of(program: Program, path: str) -> int:
    """How many statements reading something takes, but for the look at withdrawn tokens.

    That one is made once a second, whatever is asked for.
    """
    with CaptureQueriesContext(connection) as queries:
        assert program.get(path).status_code == 200
    return len([query for query in queries.captured_queries if "cutoff" not in query["sql"]])


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    """The problem document that an answer is, with what every one has."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == status
    assert found["type"] == "about:blank"
    assert found["title"]
    assert found["detail"]
    return found


def refused(answer: Any, status: int) -> str:
    """The reason code of a refusal."""
    return str(problem_of(answer, status)["code"])
