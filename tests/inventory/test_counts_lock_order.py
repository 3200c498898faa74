"""Counting takes its locks in the order of every movement: nobody waits in a circle."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from inventory_site.products.models import Location
from inventory_site.stock.models import StockLevel
from tests.inventory.counting import opened
from tests.inventory.test_concurrency import stocked
from tests.inventory.test_erasure import app_connection

pytestmark = pytest.mark.django_db(transaction=True)

_COUNT = (
    "SELECT counted FROM record_counts(%s, jsonb_build_array(jsonb_build_object('product',"
    " %s::bigint, 'location', %s::bigint, 'kind', 'set', 'quantity', 3)), %s, 'Ana', '', %s)"
)
_RECEIVE = (
    "SELECT balance_after FROM record_movement(jsonb_build_object('product', %s::bigint,"
    " 'location', %s::bigint, 'kind', 'receipt', 'quantity', 2), %s, 'Otto', '', %s)"
)


def test_a_product_found_at_a_new_place_while_it_is_received_there() -> None:
    product, (shelf, *_rest) = stocked(5)
    place, count = Location.objects.create(code="NEW-1"), opened()

    def found() -> int:
        with app_connection() as counting:
            row = counting.execute(_COUNT, [count.pk, product.pk, place.pk, uuid4(), uuid4()])
            return int((row.fetchone() or [0])[0])

    with app_connection() as moving, ThreadPoolExecutor(1) as beside:
        moving.execute(_RECEIVE, [product.pk, shelf.pk, uuid4(), uuid4()])
        counted = beside.submit(found)
        _until_somebody_waits(moving)
        moving.execute(_RECEIVE, [product.pk, place.pk, uuid4(), uuid4()])
        moving.commit()
        assert counted.result(timeout=30) == 3
    assert StockLevel.objects.get(product=product, location=place).on_hand == 2


def _until_somebody_waits(moving: psycopg.Connection) -> None:
    waiting = "SELECT FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        while not cursor.rowcount or cursor.rowcount < 0:
            cursor.execute(waiting, [moving.info.backend_pid])
            time.sleep(0.01)
