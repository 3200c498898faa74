"""Loads the demo locations and catalogue into the inventory site, unless it has products already.

`python -m embedded.demo.catalogue`
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command

HERE = Path(__file__).resolve().parent


def load_locations() -> None:
    """Make the locations of locations.csv that are not there; a parent comes before its parts."""
    location = apps.get_model("products", "Location")
    with (HERE / "locations.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            parent = location.objects.filter(code=row["parent"]).first()
            values = {"name": row["name"], "parent": parent}
            location.objects.get_or_create(code=row["code"], defaults=values)


def main() -> None:
    """Load everything, then prove the balances once so that the dashboard can say so."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "inventory_site.settings"
    django.setup()
    if apps.get_model("products", "Product").objects.exists():
        return
    load_locations()
    said = io.StringIO()  # names every SKU that had to be numbered, of interest for one's own lists
    call_command("import_products", str(HERE / "catalogue.csv"), stdout=said)
    print(said.getvalue().splitlines()[-1])
    call_command("verify_ledger")


if __name__ == "__main__":
    main()
