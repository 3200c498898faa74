"""Acts that wait for a second person, in a few words; and another threshold than usual."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import connection

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Approval, Batch, StockTransaction
from tests.inventory.conftest import person


def asked(
    product: Product, place: Location, quantity: int, kind: Kind = Kind.WRITE_OFF, **changes: Any
) -> ledger.Movement:
    """A movement that may need a second person."""
    facts: dict[str, Any] = {"product_id": product.pk, "location_id": place.pk, "kind": kind}
    return ledger.Movement(**facts, quantity=quantity, **({"reason": "Damaged"} | changes))


def ask(
    movement: ledger.Movement, *, by: Role = Role.OPERATOR, key: UUID | None = None
) -> StockTransaction | Approval:
    """Record one movement or have it wait."""
    return approvals.record_or_request(movement, actor=person(by), key=key or uuid4())


def ask_batch(
    *movements: ledger.Movement, by: Role = Role.OPERATOR, key: UUID | None = None
) -> Batch | Approval:
    """Record a bulk action or have it wait."""
    return approvals.record_batch_or_request(
        BatchKind.BULK, movements, actor=person(by), key=key or uuid4(), reason="Damaged"
    )


def waiting(*movements: ledger.Movement, by: Role = Role.OPERATOR) -> Approval:
    """An act that waits: of one movement, or a batch of several."""
    outcome = ask(movements[0], by=by) if len(movements) == 1 else ask_batch(*movements, by=by)
    assert isinstance(outcome, Approval)
    assert outcome.is_waiting
    return outcome


@contextmanager
def threshold(units: int | None, value: Decimal | None) -> Iterator[None]:
    """Another threshold for a while, as `migrate` writes it from the settings."""
    change = "UPDATE stock_policy SET approve_units = %s, approve_value = %s"
    database = connection.settings_dict["NAME"]
    url = os.environ["SUPERUSER_DATABASE_URL"]
    with psycopg.connect(url, dbname=database, autocommit=True) as owner:
        owner.execute(change, [units, value])
        try:
            yield
        finally:
            owner.execute(change, [settings.APPROVAL_UNITS, settings.APPROVAL_VALUE])
