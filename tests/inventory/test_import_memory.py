"""Memory does not grow with the file: what looking at one takes at its peak."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from inventory_site.products.models import Location

pytestmark = pytest.mark.django_db(transaction=True)

MOST_MORE = 30_000
"""In kibibytes; ten times the rows held as Python's texts would take more than that."""
PEAK = """
import resource, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage", "import_file", sys.argv[1], "--dry-run"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(file: Path, rows: int) -> int:
    """Look at a file of so many rows in a process of its own; return its peak in kibibytes."""
    lines = (f"K-{n},Cable {n} of some length,{n % 7 + 1},{'x' * 100}" for n in range(rows))
    file.write_text("\n".join(["sku,name,qty,description", *lines]), encoding="utf-8")
    database = urlsplit(os.environ["INVENTORY_DATABASE_URL"])
    url = database._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    site = {"DJANGO_SETTINGS_MODULE": "inventory_site.settings", "INVENTORY_DATABASE_URL": url}
    environment = {**os.environ, **site, "INVENTORY_OWNER_DATABASE_URL": ""}
    command = [sys.executable, "-c", PEAK, str(file)]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *_others, last = said.stdout.splitlines()
    assert f"{rows} rows: {rows} new" in said.stdout
    return int(last)


def test_ten_times_the_rows_take_the_same_memory(tmp_path: Path, shelf: Location) -> None:
    few, many = (peak(tmp_path / "list.csv", rows) for rows in (5_000, 50_000))
    assert many - few < MOST_MORE
