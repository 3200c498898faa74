"""An import while somebody else works on the same things: real connections, real locks."""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from inventory_site.imports import uploads
from inventory_site.imports.models import Import
from inventory_site.imports.outcomes import ImportFailed, Rows
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.importing import chosen, imported

pytestmark = pytest.mark.django_db(transaction=True)

LINES = ["sku,name,qty", "ab-1,Cable,4", "ab-2,Mouse,2"]
WAITING = (
    "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
)


class Beside(threading.Thread):
    """Something done in a thread, on a connection of its own: what it `returned` or `raised`."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work = work
        self.returned: Any = None
        self.raised: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.returned = self.work()
        except Exception as error:
            self.raised = error
        finally:
            connection.close()

    def waits_for_a_lock(self) -> None:
        """Return once it waits for our atomic block."""
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(WAITING)
                if cursor.rowcount:
                    return
            time.sleep(0.01)
        raise AssertionError("it did not wait")


def test_a_sku_that_somebody_takes_meanwhile_stops_the_whole(shelf: Location) -> None:
    with transaction.atomic():
        Product.objects.create(sku="AB-2", name="Lamp")
        importing = Beside(lambda: imported(*LINES))
        importing.waits_for_a_lock()
    importing.join()
    assert isinstance(importing.raised, ImportFailed)
    assert "nothing was imported" in str(importing.raised)
    assert [product.name for product in Product.objects.all()] == ["Lamp"]
    assert not StockTransaction.objects.exists()


def test_the_same_file_at_the_same_time_counts_once(shelf: Location) -> None:
    with transaction.atomic():
        imported(*LINES)
        importing = Beside(lambda: imported(*LINES))
        importing.waits_for_a_lock()
    importing.join()
    assert isinstance(importing.raised, ImportFailed)
    assert Product.objects.count() == StockTransaction.objects.count() == 2


def test_a_new_manufacturer_that_somebody_else_makes_meanwhile_is_shared(shelf: Location) -> None:
    with transaction.atomic():
        imported("name,maker", "Cable,Acme")
        importing = Beside(lambda: imported("name,maker", "Mouse,ACME"))
        importing.waits_for_a_lock()
    importing.join()
    assert importing.raised is None
    makers = Product.objects.values_list("manufacturer__name", flat=True)
    assert list(makers) == ["Acme", "Acme"]


def test_one_upload_committed_twice_at_once_is_imported_once(
    shelf: Location, manager: Client
) -> None:
    chosen(manager, *LINES)
    upload = Import.objects.get()
    both = [Beside(lambda: uploads.commit(upload, rows=Rows.ALL)) for _ in range(2)]
    for commit in both:
        commit.join()
    assert [commit.raised for commit in both] == [None, None]
    assert Import.objects.get().is_imported
    assert Product.objects.count() == StockTransaction.objects.count() == 2


def test_the_keys_of_an_import_cannot_be_used_for_anything_else(shelf: Location) -> None:
    import_id = uuid4()
    imported("name,qty", "Cable,4", import_id=import_id)
    Product.objects.update(sku="renamed-meanwhile")
    with pytest.raises(ImportFailed):
        imported("name,qty", "Cable,4", import_id=import_id)
    assert Product.objects.count() == 1


def test_what_is_no_collision_is_no_refusal(shelf: Location) -> None:
    def broken(_done: int, _total: int) -> None:
        raise DatabaseError from psycopg.errors.DiskFull()

    with pytest.raises(DatabaseError):
        imported(*LINES, on_progress=broken)
    assert not Product.objects.exists()
