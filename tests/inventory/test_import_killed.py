"""An import that is killed in the middle leaves nothing behind, and done again it is exact."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch, StockTotal, StockTransaction
from inventory_site.stock.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 100_000


def importing(file: Path) -> subprocess.Popen[str]:
    """Begin to import the file, in a process of its own."""
    database = urlsplit(os.environ["INVENTORY_DATABASE_URL"])
    url = database._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    site = {"DJANGO_SETTINGS_MODULE": "inventory_site.settings", "INVENTORY_DATABASE_URL": url}
    command = [sys.executable, "-m", "inventory_site.manage", "import_products", str(file)]
    environment = {**os.environ, **site, "INVENTORY_OWNER_DATABASE_URL": ""}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def size_of_ledger() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('stock_transaction')")
        return int(cursor.fetchone()[0])


def test_killed_in_the_middle_nothing_is_half_there_and_again_it_is_exact(
    tmp_path: Path, shelf: Location
) -> None:
    file = tmp_path / "list.csv"
    lines = [f"K-{n},Cable {n},{n % 7 + 1},{shelf.code}" for n in range(ROWS)]
    file.write_text("\n".join(["sku,name,qty,location", *lines]), encoding="utf-8")
    first = importing(file)
    deadline = time.monotonic() + 120
    while size_of_ledger() < 10_000_000:  # lines are being written, none is committed
        assert first.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    assert not Product.objects.exists()
    assert not StockTransaction.objects.exists()
    again = importing(file)
    assert f"{ROWS} rows imported" in again.communicate(timeout=300)[0]
    assert Product.objects.count() == StockTransaction.objects.count() == ROWS
    assert Batch.objects.count() == 1
    assert sum(StockTotal.objects.values_list("on_hand", flat=True)) == sum(
        n % 7 + 1 for n in range(ROWS)
    )
    assert f"{ROWS} unchanged" in importing(file).communicate(timeout=300)[0]
    assert verify().differences == 0
