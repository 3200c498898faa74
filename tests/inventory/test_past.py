"""Looking back: how much was where, and what moved, at and between any instants."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import override_settings

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import ledger, past
from inventory_site.stock.kinds import Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.policy import write_policy
from tests.inventory.conftest import person, receive
from tests.inventory.soundness import assert_past
from tests.inventory.tampering import tamper

pytestmark = pytest.mark.django_db(transaction=True)


def all_lines() -> list[StockTransaction]:
    return list(StockTransaction.objects.select_related("level").order_by("created_at", "id"))


@pytest.fixture
def another() -> psycopg.Connection:
    """A connection of somebody else's, with the rights of the site."""
    name = connection.settings_dict["NAME"]
    return psycopg.connect(os.environ["INVENTORY_DATABASE_URL"], dbname=name)


TAMPERINGS = {
    "snapshot": "UPDATE stock_snapshot_level SET on_hand = on_hand + 1",
    "a level gone from it": "DELETE FROM stock_snapshot_level",
    "product": "UPDATE stock_snapshot_product SET value = value + 1",
    "rollup": "UPDATE stock_rollup SET units_in = units_in + 1 WHERE dimension = 'person'",
    "a day gone from it": "DELETE FROM stock_rollup WHERE dimension = 'category'",
    "watermark": "UPDATE stock_past SET rolled_to = rolled_to - interval '1 day'",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_the_lines_do_not_say_is_found(what: str, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    assert past.take_snapshot(lines=0)
    assert past.past_faults() == []
    tamper(TAMPERINGS[what])
    assert past.past_faults()


@pytest.mark.parametrize("role", ["INVENTORY_DATABASE_URL", "INVENTORY_OWNER_DATABASE_URL"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_moment SET taken_at = now()",
        "DELETE FROM stock_snapshot_level",
        "UPDATE stock_snapshot_product SET value = 0",
        "TRUNCATE stock_snapshot CASCADE",
    ],
)
def test_nobody_changes_the_past(
    role: str, statement: str, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    past.take_snapshot(lines=0)
    name = connection.settings_dict["NAME"]
    with (
        psycopg.connect(os.environ[role], dbname=name) as somebody,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        somebody.execute(statement.encode())


def test_an_act_under_way_puts_the_moment_off_and_nobody_waits_for_either(
    another: psycopg.Connection, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    with another:
        asked = {"product": laptop.pk, "location": shelf.pk, "kind": "receipt", "quantity": 1}
        another.execute(
            "SELECT record_movement(%s, %s, 'Otto', 'otto@techstock.example', %s)",
            [json.dumps(asked), uuid4(), uuid4()],
        )
        assert past.take_moment() is None
        assert past.take_snapshot(lines=0) is False
        other = Product.objects.create(sku="OTHER", name="Another")
        receive(other, shelf, 2)
    assert past.take_moment() is not None


def test_every_line_after_a_moment_is_later_even_when_the_clock_is_not(
    laptop: Product, shelf: Location
) -> None:
    tomorrow = "clock_timestamp() + interval '1 day'"
    tamper(f"INSERT INTO stock_moment VALUES ({tomorrow})")
    line = receive(laptop, shelf, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(taken_at) FROM stock_moment")
        assert cursor.fetchone() == (line.created_at - timedelta(microseconds=1),)


def test_any_instant_is_what_a_replay_gives_with_snapshots_anywhere(shelf: Location) -> None:
    chance = random.Random(7)  # noqa: S311 (no secrets here)
    places = [shelf, Location.objects.create(code="B-1")]
    products = [Product.objects.create(sku=f"P-{n}", name="Product") for n in range(3)]
    for _ in range(60):
        product, place = chance.choice(products), chance.choice(places)
        receive(product, place, chance.randint(1, 9))
        if chance.randint(0, 4) == 0:
            past.take_snapshot(lines=0)
    lines = all_lines()
    assert_past(lines)
    before, after = lines[0].created_at - timedelta(days=1), lines[-1].created_at + timedelta(1)
    assert past.on_hand_as_of(before) == {}
    assert past.on_hand_as_of(after) == past.on_hand_as_of(lines[-1].created_at)
    some = [products[0].pk, products[2].pk]
    of_some = past.on_hand_as_of(lines[40].created_at, some)
    everything = past.on_hand_as_of(lines[40].created_at)
    assert of_some == {key: units for key, units in everything.items() if key[0] in some}
    assert past.standing_as_of(after, []) == {}


def test_a_snapshot_comes_after_enough_lines_only(laptop: Product, shelf: Location) -> None:
    for _ in range(5):
        receive(laptop, shelf, 1)
    assert past.take_snapshot(lines=6) is False
    receive(laptop, shelf, 1)
    assert past.take_snapshot(lines=6) is True
    assert past.take_snapshot(lines=6) is False
    assert_past(all_lines())


def rolled(dimension: str, day: date) -> Counter[tuple[str, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT node, kind, units_in, units_out FROM movements_by(%s, %s, %s)",
            [dimension, day, day],
        )
        return Counter(cursor.fetchall())


@pytest.fixture
def today() -> date:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date()


def test_rolled_up_or_not_a_day_is_the_sum_of_its_lines(
    laptop: Product, shelf: Location, today: date
) -> None:
    actor = person(Role.OPERATOR)
    receive(laptop, shelf, 5)
    past.take_snapshot()
    receive(laptop, shelf, 4)
    asked = Movement(product_id=laptop.pk, location_id=shelf.pk, kind=Kind.ISSUE, quantity=-2)
    ledger.record(asked, actor=actor, key=uuid4())
    for _ in range(2):
        assert rolled("location", today) == Counter(
            [(str(shelf.pk), "receipt", 9, 0), (str(shelf.pk), "issue", 0, 2)]
        )
        assert sum(units for _, _, units, _ in rolled("person", today)) == 9
        past.take_snapshot()
    assert rolled("person", today - timedelta(days=1)) == Counter()
    assert past.past_faults() == []


def test_a_product_takes_its_history_to_its_new_category(
    laptop: Product, shelf: Location, today: date
) -> None:
    old, new = Category.objects.create(name="Old"), Category.objects.create(name="New")
    Product.objects.filter(pk=laptop.pk).update(category=old)
    receive(laptop, shelf, 5)
    past.take_snapshot()
    receive(laptop, shelf, 1)
    assert rolled("category", today) == Counter([(str(old.pk), "receipt", 6, 0)])
    Product.objects.filter(pk=laptop.pk).update(category=new)
    assert rolled("category", today) == Counter([(str(new.pk), "receipt", 6, 0)])
    Product.objects.filter(pk=laptop.pk).update(category=None)
    assert rolled("category", today) == Counter([("", "receipt", 6, 0)])
    assert past.past_faults() == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_is_the_zone_s_and_another_zone_makes_other_days(
    zone: str, laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    past.take_snapshot()
    owner = psycopg.conninfo.make_conninfo(os.environ["INVENTORY_OWNER_DATABASE_URL"])
    as_owner = psycopg.conninfo.conninfo_to_dict(owner)
    mine = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    theirs = {"USER": as_owner["user"], "PASSWORD": as_owner["password"]}
    try:
        for name, credentials in ((zone, theirs), (settings.TIME_ZONE, theirs)):
            connection.close()
            connection.settings_dict.update(credentials)
            with override_settings(TIME_ZONE=name):
                write_policy(using=DEFAULT_DB_ALIAS)
            day = line.created_at.astimezone(ZoneInfo(name)).date()
            assert rolled("location", day) == Counter([(str(shelf.pk), "receipt", 5, 0)])
            past.take_snapshot()
            assert rolled("location", day) == Counter([(str(shelf.pk), "receipt", 5, 0)])
            assert past.past_faults() == []
    finally:
        connection.close()
        connection.settings_dict.update(mine)
