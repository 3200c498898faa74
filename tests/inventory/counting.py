"""Counts in a few words: open one, say what was found, post it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.counts import counting, posting
from inventory_site.counts.counting import Counted
from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockLevel
from tests.inventory.conftest import person


def opened(name: str = "Count of today", *, is_blind: bool = True, **scope: Any) -> Count:
    """A count that the manager opened."""
    manager = person(Role.MANAGER)
    return counting.open_count(name, is_blind=is_blind, **scope, actor=manager, key=uuid4())


def told(count: Count, line: Line | None = None, *, by: Role = Role.OPERATOR, **what: Any) -> Entry:
    """What somebody says of a line, the only one if not told which."""
    where = {} if "product_id" in what else {"line_id": (line or Line.objects.get(count=count)).pk}
    said = Counted(**{"quantity": 0} | where | what)
    return counting.record(count, [said], actor=person(by), key=uuid4())[0]


def posted(count: Count, *, rest_none: bool = False) -> Count:
    """The count after the manager posted it."""
    manager = person(Role.MANAGER)
    return posting.post(count, is_rest_none=rest_none, actor=manager, key=uuid4())


def move(product: Product, place: Location, quantity: int, kind: Kind | None = None) -> None:
    """Move units in (> 0) or out, as the operator."""
    kind = kind or (Kind.RECEIPT if quantity > 0 else Kind.ISSUE)
    reason = "Found" if kind in (Kind.ADJUSTMENT, Kind.WRITE_OFF) else ""
    movement = ledger.Movement(
        product_id=product.pk,
        location_id=place.pk,
        kind=kind,
        quantity=quantity,
        reason=reason,
    )
    ledger.record(movement, actor=person(Role.OPERATOR), key=uuid4())


def on_hand(product: Product, place: Location) -> int:
    """What the book says now."""
    return StockLevel.objects.get(product=product, location=place).on_hand


def sent(client: Client, address: str, **data: Any) -> Any:
    """What comes of a form that is sent once, after redirects."""
    return client.post(address, data | {"idempotency_key": str(uuid4())}, follow=True)


def text_of(client: Client, address: str) -> str:
    """What a page or file says."""
    answer: Any = client.get(address)
    assert answer.status_code == 200
    body: bytes = b"".join(answer) if answer.streaming else answer.content
    return body.decode()


def form_of(text: str) -> dict[str, str]:
    """The fields of a page's lines as they stand, and what the page showed of the book."""
    return dict(re.findall(r'name="((?:line|seen)-\d+)" value="([^"]*)"', text))
