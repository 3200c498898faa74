"""What the database itself refuses of stock counts, on every path."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from inventory_site.counts.models import Entry
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import opened, posted, told

pytestmark = pytest.mark.django_db

ENTRY = (
    "INSERT INTO counts_entry (count_id, line_id, seq, kind, quantity, counted, on_hand, book_seq,"
    " doubt, by_id, at, idempotency_key) SELECT count_id, id, 99, 'set', 1, 1, 1, 1, '', uuidv7(),"
    " now(), uuidv7() FROM counts_line"
)
LINE = (
    "INSERT INTO counts_line (count_id, number, level_id, is_found)"
    " SELECT count_id, 99, (SELECT max(id) FROM stock_level), true FROM counts_line"
)
AS_THE_SITE = [
    "UPDATE counts_entry SET counted = 99",
    "DELETE FROM counts_entry",
    "TRUNCATE counts_entry CASCADE",
    ENTRY,
    LINE,
    "UPDATE counts_line SET latest_id = NULL",
    "DELETE FROM counts_line",
    "UPDATE counts_count SET closed_as = ''",
    "DELETE FROM counts_count",
    "INSERT INTO counts_count SELECT * FROM counts_count",
    "SELECT its_count(id, true) FROM counts_count",
    "SELECT close_count(id, 'posted', false, (SELECT max(id) FROM stock_batch), now(), uuidv7(),"
    " 'X', '') FROM counts_count WHERE closed_at IS NULL",
    "ALTER TABLE counts_entry DISABLE TRIGGER ALL",
]
AS_THE_OWNER = [
    "UPDATE counts_entry SET counted = 99",
    "DELETE FROM counts_entry",
    "TRUNCATE counts_entry CASCADE",
    "DELETE FROM counts_line",
    "UPDATE counts_line SET latest_id = NULL",
    "UPDATE counts_line SET number = 7",
    "DELETE FROM counts_count",
    "UPDATE counts_count SET name = 'Another'",
    "UPDATE counts_count SET closed_at = NULL, closed_by_id = NULL, closed_as = ''",
    ENTRY,
    LINE,
]


@pytest.mark.parametrize("statement", AS_THE_SITE)
def test_the_site_cannot(statement: str, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    told(count := opened(), count.lines.get(), quantity=4)
    posted(count)
    told(another := opened("Another"), another.lines.get(), quantity=3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.order_by("pk").values_list("counted", flat=True)) == [4, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", AS_THE_OWNER)
def test_not_even_the_owner_can_by_accident(
    statement: str, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    told(count := opened(), count.lines.get(), quantity=4)
    posted(count)
    receive(laptop, Location.objects.create(code="B2"), 1)  # a level without a line
    url, database = os.environ["INVENTORY_OWNER_DATABASE_URL"], connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=database) as owner:
        with pytest.raises(psycopg.DatabaseError) as refused, owner.transaction():
            owner.execute(statement)
        owner.rollback()
    ours = {"append_only", "only_by_entries", "count_closed"}
    assert refused.value.diag.constraint_name in ours
    assert Entry.objects.get().counted == 4
