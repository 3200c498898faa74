"""A worker that dies at an import leaves nothing half done; the next one begins it from the start.

One that brings down every worker is given up, with a sentence.
"""

import time
from collections.abc import Callable
from typing import NoReturn

import pytest
from django.db import connection
from django.test import Client

from inventory_site.imports import queue, uploads
from inventory_site.imports.models import Import, Progress, State
from inventory_site.imports.outcomes import Rows
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch, StockTotal, StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.importing import chosen
from tests.inventory.working import working

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 20_000


class Killed(BaseException):
    """The end of a process, as far as its database can tell."""


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_writing() -> bool:
    """Tell whether some of the lines are written, of which none is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('stock_transaction') > 1000000")
        return bool(cursor.fetchone()[0])


@pytest.fixture
def page(manager: Client, shelf: Location, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a file that was looked at, and waits for the worker however small it is."""
    monkeypatch.setattr(uploads, "SMALL", 0)
    page = chosen(manager, "sku,name,qty", *(f"K-{n},Cable {n},{n % 7 + 1}" for n in range(ROWS)))
    assert queue.work_one()
    assert Import.objects.get().state == State.CHECKED
    return page


def test_the_next_worker_imports_exactly_what_the_one_that_was_killed_left_behind(
    manager: Client, page: str
) -> None:
    manager.post(page, {"rows": "all"})
    with working() as worker:
        wait_until(is_writing)
        worker.process.kill()
        worker.process.wait()
    assert not Product.objects.exists()
    assert not StockTransaction.objects.exists()
    assert not Batch.objects.exists()
    assert Import.objects.get().state == State.IMPORTING
    assert Progress.objects.get().attempts == 1
    with working(), working():
        wait_until(lambda: not Import.objects.get().is_waiting)
    upload = Import.objects.get()
    assert (upload.state, upload.failure) == (State.IMPORTED, "")
    assert upload.batch_id == Batch.objects.get().pk
    assert Product.objects.count() == StockTransaction.objects.count() == ROWS
    assert sum(StockTotal.objects.values_list("on_hand", flat=True)) == sum(
        n % 7 + 1 for n in range(ROWS)
    )
    assert verify().differences == 0
    assert not queue.work_one()


def test_an_import_at_which_every_worker_dies_is_given_up_until_somebody_asks_again(
    manager: Client, shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_arguments: object) -> NoReturn:
        raise Killed

    page = chosen(manager, "name,qty", "Cable,4")
    Import.objects.update(language="pt-br")
    monkeypatch.setattr(uploads, "SMALL", 0)
    uploads.commit(Import.objects.get(), rows=Rows.ALL)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "_step", dies)
        for attempt in range(1, queue.MOST_ATTEMPTS + 1):
            with pytest.raises(Killed):
                queue.work_one()
            assert Import.objects.get().state == State.IMPORTING
            assert Progress.objects.get().attempts == attempt
        assert queue.work_one()
        assert not queue.work_one()
    upload = Import.objects.get()
    assert upload.state == State.CHECKED
    assert upload.failure.startswith("Isto foi interrompido")
    assert upload.failure in manager.get(page).content.decode()
    assert not Product.objects.exists()
    manager.post(page, {"rows": "all"})
    assert queue.work_one()
    assert Import.objects.get().state == State.IMPORTED
    assert Product.objects.count() == 1
