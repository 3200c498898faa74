"""A line names only what is there, whoever writes it."""

import os
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.types.json import Jsonb

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive

NAMES = ["level_id", "product_id", "batch_id", "reservation_id", "approval_id", "reverses_id"]

_AGAIN = """
INSERT INTO stock_transaction OVERRIDING SYSTEM VALUE
  SELECT (jsonb_populate_record(t, %s)).* FROM stock_transaction t WHERE t.id = %s
"""


def again(line: StockTransaction, **changes: object) -> None:
    """Have the owner write a line like this one, with some changes."""
    changes |= {"id": line.pk + 1_000_000, "seq": line.seq + 1, "idempotency_key": str(uuid4())}
    url = os.environ["INVENTORY_OWNER_DATABASE_URL"]
    database = connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=database) as owner:
        owner.execute(_AGAIN, [Jsonb(changes), line.pk])
        owner.rollback()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NAMES)
def test_not_even_the_owner_writes_a_line_that_names_what_is_not_there(
    name: str, laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    kind = {"reverses_id": "reversal", "reservation_id": "issue"}.get(name, "receipt")
    quantity = -1 if kind == "issue" else 1
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as refused:
        again(line, kind=kind, quantity=quantity, **{name: 987_654_321})
    assert refused.value.diag.constraint_name == "unfounded_line"


@pytest.mark.django_db(transaction=True)
def test_a_line_that_names_what_is_there_may_be_written(laptop: Product, shelf: Location) -> None:
    line = receive(laptop, shelf, 5)
    again(line, reverses_id=line.pk, kind="reversal", quantity=-5)
