"""Programs go on while the identity site is away, until their token ends."""

import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt
import pytest

from tests.stack.people import identity_away, restart
from tests.stack_fixture import Stack

API = "/api/v1/"
LEEWAY_SECONDS = 10  # for clocks that differ
SIGN_IN = "/accounts/_allauth/app/v1/auth/login"
SOON_OVER = """
from django.conf import settings
from identity_site.accounts.models import User
from identity_site.tokens import access_token
settings.TOKEN_SECONDS = 1
who = User.objects.get(email="viewer@techstock.example")
print(access_token.mint_scoped(who, sid="0" * 32, client_id="app", scope="read", auth_time=1))
"""


class Program(httpx.Client):
    """A program with a token, which sends a key with every write."""

    def __init__(self, stack: Stack, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, */*"}
        super().__init__(base_url=f"{stack.origin}{API}", headers=headers, timeout=20)

    def read(self, path: str) -> Any:
        """Read what must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def write(self, path: str, **facts: Any) -> dict[str, Any]:
        """Write what must succeed."""
        answer = self.post(path, json=facts, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code in {200, 201, 202}, (path, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def remove(self, path: str) -> None:
        """Delete something, whatever it is by now."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
        assert self.delete(path, headers=headers).status_code == 204


@pytest.fixture
def manager(stack: Stack) -> Iterator[Program]:
    """A program that a manager signed in to."""
    who = {"email": "manager@techstock.example", "password": stack.demo_password}
    answer = httpx.post(f"{stack.origin}{SIGN_IN}", json=who, timeout=20)
    with Program(stack, answer.json()["meta"]["access_token"]) as program:
        yield program


@contextmanager
def everything_written(program: Program) -> Iterator[None]:
    """Write one of everything that the demo lacks, so that each address has a thing to read.

    Afterwards nothing of it is in the way of anybody else.
    """
    level = program.read("stock-levels/?limit=1&ordering=-id")["results"][0]
    there = {"product": level["product"], "location": level["location"]}
    program.write("suppliers/", name=f"Bechtle {uuid.uuid4()}")
    program.write("batches/", kind="receipt", lines=[there | {"kind": "receipt", "quantity": 200}])
    held = there | {"quantity": 1, "recipient": "Ana Almeida", "until": "2099-12-31"}
    lost = there | {"kind": "write_off", "quantity": 150, "reason": "Lost"}
    hook = {"url": "https://example.com/hook", "kinds": ["low_stock"]}
    reservation = program.write("reservations/", **held)
    approval = program.write("transactions/", **lost)
    count = program.write("counts/", name="Shelf", is_blind=False, location=level["location"])
    webhook = program.write("webhooks/", **hook)
    program.write(f"webhooks/{webhook['id']}/test/")
    yield
    program.write(f"reservations/{reservation['id']}/release/")
    program.write(f"approvals/{approval['id']}/refusal/", refusal="Only a test")
    program.write(f"counts/{count['id']}/cancellation/")
    program.remove(f"webhooks/{webhook['id']}/")


def readable(document: dict[str, Any]) -> list[str]:
    """The addresses that an OpenAPI document has to be read, below the API's."""
    paths: dict[str, Any] = document["paths"]
    return [path.removeprefix(API) for path, acts in paths.items() if "get" in acts]


def in_full(program: Program, path: str) -> str:
    """An address with something that is there for each `{name}`: the first of the list before."""
    while found := re.search(r"\{(\w+)\}", path):
        rows = program.read(path[: found.start()])["results"]
        assert rows, f"Nothing to read in {path}: write one in `write_everything`."
        value = rows[0].get(found[1], rows[0].get("id"))
        path = f"{path[: found.start()]}{value}{path[found.end() :]}"
    return path


def test_every_address_can_be_read_and_stock_moved_while_identity_is_away(
    stack: Stack, manager: Program
) -> None:
    with identity_away(stack):
        restart(stack, "inventory")  # whose workers remember nothing and nobody
        refused = httpx.post(f"{stack.origin}{SIGN_IN}", json={}, timeout=20)
        assert refused.status_code == 502
        with everything_written(manager):
            paths = readable(manager.read("schema/"))
            assert {"products/{sku}/", "stock-levels/", "reports/stock/"} <= set(paths)
            for path in paths:
                manager.read(in_full(manager, path))


def test_a_token_is_good_until_its_end_and_no_longer(stack: Stack) -> None:
    manage = [sys.executable, "-m", "identity_site.manage", "shell", "--no-imports"]
    with identity_away(stack):
        token = stack.run("exec", "--", *manage, "-c", SOON_OVER).strip()
        claims = jwt.decode(token, options={"verify_signature": False})
        end = claims["exp"] + LEEWAY_SECONDS
        with Program(stack, token) as program:
            assert program.get("products/summary/").status_code == 200
            assert time.time() < end, "This machine was too slow to see it."
            time.sleep(end - time.time())
            refused = program.get("products/summary/")
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "invalid_token"
