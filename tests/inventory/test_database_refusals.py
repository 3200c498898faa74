"""What the database itself refuses the role that serves, and even the owner, on every path."""

import os

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from inventory_site.access.rights import FUNCTIONS
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock.models import StockLevel
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db

AS_THE_SITE = [
    "UPDATE stock_transaction SET quantity = 99",
    "DELETE FROM stock_transaction",
    "TRUNCATE stock_transaction",
    "TRUNCATE stock_transaction CASCADE",
    "TRUNCATE products_product CASCADE",
    "INSERT INTO stock_transaction SELECT * FROM stock_transaction",
    "COPY stock_transaction FROM STDIN",
    "UPDATE stock_level SET on_hand = 99",
    "UPDATE stock_level SET reserved = 0",
    "UPDATE stock_level SET head_hash = ''",
    "INSERT INTO stock_level (product_id, location_id, on_hand) SELECT 1, 1, 5",
    "DELETE FROM stock_level",
    "TRUNCATE stock_level CASCADE",
    "DELETE FROM products_product",
    "DELETE FROM products_location",
    "ALTER TABLE stock_transaction DISABLE TRIGGER ALL",
    "ALTER TABLE stock_level DISABLE TRIGGER only_through_the_ledger",
    "DROP TRIGGER append_only ON stock_transaction",
    "CREATE RULE r AS ON INSERT TO stock_transaction DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SET ROLE inventory_owner",
    "ALTER TABLE stock_transaction OWNER TO inventory_app",
    "SELECT its_writing(its_lines('[]'), NULL, now(), uuidv7(), uuidv7())",
    "SELECT its_holding(id, 1) FROM stock_level",
    "CREATE OR REPLACE FUNCTION its_holding() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE stock_total SET on_hand = 99",
    "UPDATE stock_total SET value = 99",
    "DELETE FROM stock_total",
    "INSERT INTO stock_tally VALUES (1, 1, 1, 1)",
    "DELETE FROM stock_tally",
    "UPDATE stock_batch SET kind = 'bulk'",
    "INSERT INTO stock_batch SELECT * FROM stock_batch",
    "DELETE FROM stock_reservation",
    "UPDATE stock_approval SET approved_by = uuidv7()",
    "UPDATE stock_policy SET approve_units = NULL",
    "UPDATE access_person SET name = 'Somebody else'",
    "DELETE FROM access_person",
    "DELETE FROM stock_verification",
    "UPDATE stock_verification SET differences = 0",
    "INSERT INTO stock_verification (started_at, levels, transactions, differences, first_bad)"
    " VALUES (now(), 1, 1, 0, '')",
    "INSERT INTO products_product (sku, name, part_number, description, reorder_point, is_active,"
    " created_at) VALUES ('a/b', 'A', '', '', 0, true, now())",
    "INSERT INTO products_location (code, name) VALUES ('bad code', '')",
    "UPDATE django_migrations SET name = ''",
]

AS_THE_OWNER = [
    "UPDATE stock_transaction SET quantity = 99",
    "DELETE FROM stock_transaction",
    "TRUNCATE stock_transaction CASCADE",
    "UPDATE stock_level SET on_hand = 99",
    "UPDATE stock_level SET on_hand = 0, seq = 0, head_hash = ''",
    "UPDATE stock_level SET product_id = product_id + 1",
    "UPDATE stock_level SET reserved = 1",
    "DELETE FROM stock_level",
    "UPDATE stock_total SET on_hand = 99",
    "UPDATE stock_total SET reserved = 1",
    "DELETE FROM stock_total",
    "DELETE FROM stock_batch",
    "DELETE FROM stock_reservation",
    "TRUNCATE stock_approval CASCADE",
    "DELETE FROM products_product",
    "DELETE FROM products_location",
    "DELETE FROM access_person",
]


@pytest.mark.parametrize("statement", AS_THE_SITE)
def test_the_site_cannot(statement: str, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert StockLevel.objects.get().on_hand == 5


@pytest.mark.parametrize("statement", AS_THE_OWNER)
def test_not_even_the_owner_can_by_accident(statement: str) -> None:
    url = os.environ["INVENTORY_OWNER_DATABASE_URL"]
    database = connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=database) as owner:
        product, place = owner.execute(
            "WITH p AS (INSERT INTO products_product (sku, name, part_number, description,"
            " reorder_point, is_active, created_at) VALUES ('X-1', 'X', '', '', 0, true, now())"
            " RETURNING id), l AS (INSERT INTO products_location (code, name) VALUES ('X', '')"
            " RETURNING id) SELECT p.id, l.id FROM p, l"
        ).fetchone() or (0, 0)
        owner.execute(
            "SELECT record_movement(jsonb_build_object('product', %s::bigint,"
            " 'location', %s::bigint, 'kind', 'receipt', 'quantity', 5),"
            " gen_random_uuid(), 'Somebody', '', gen_random_uuid())",
            [product, place],
        )
        with pytest.raises(psycopg.DatabaseError), owner.transaction():
            owner.execute(statement)
        owner.rollback()


def test_the_site_cannot_shadow_a_table_or_bring_its_own_triggers() -> None:
    """What is temporary could carry casts and triggers of its own into the owner's functions."""
    url = os.environ["INVENTORY_DATABASE_URL"]
    with (
        psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as site,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        site.execute("CREATE TEMPORARY TABLE stock_level (LIKE public.stock_level)")


def test_what_acts_as_the_owner_is_for_nobody_but_the_site_and_only_as_listed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, has_function_privilege('public', oid, 'EXECUTE'),"
            " has_function_privilege(%s, oid, 'EXECUTE')"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace",
            [settings.APP_DATABASE_ROLE],
        )
        found = cursor.fetchall()
    assert [name for name, is_for_all, _is_for_site in found if is_for_all] == []
    assert {name for name, _is_for_all, is_for_site in found if is_for_site} == set(FUNCTIONS)


def test_a_category_with_products_stays(laptop: Product) -> None:
    laptop.category = Category.objects.create(name="Laptops")
    laptop.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM products_category")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_never_moved_may_go(laptop: Product, shelf: Location) -> None:
    laptop.delete()
    shelf.delete()
    assert not Product.objects.exists()
