"""The day of a movement is the day where the site is, not the one in Greenwich."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection

from inventory_site.imports import exports
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db

FAR_WEST, FAR_EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"
"""Eleven hours behind Greenwich and fourteen before: in one of them it is always another day."""


@pytest.fixture
def zone() -> Iterator[str]:
    """The zone of a site where it is another day than in Greenwich, as `migrate` writes it."""
    now = datetime.now(UTC)
    zones = [FAR_WEST, FAR_EAST]
    name = next(each for each in zones if now.astimezone(ZoneInfo(each)).date() != now.date())
    database = connection.settings_dict["NAME"]
    url = os.environ["SUPERUSER_DATABASE_URL"]
    with psycopg.connect(url, dbname=database, autocommit=True) as owner:
        (before,) = owner.execute("SELECT zone FROM stock_past").fetchone() or ("UTC",)
        owner.execute("UPDATE stock_past SET zone = %s", [name])
        try:
            yield name
        finally:
            owner.execute("UPDATE stock_past SET zone = %s", [before])


def test_what_was_recorded_here_leaves_with_the_day_here_and_is_known_when_it_comes_back(
    laptop: Product, shelf: Location, zone: str
) -> None:
    line = receive(laptop, shelf, 7)
    there = line.created_at.astimezone(ZoneInfo(zone)).date()
    assert there != line.created_at.astimezone(UTC).date()
    lines = "".join(exports.export("movements")).removeprefix("\ufeff").splitlines()
    assert f",{there.isoformat()}," in lines[1]
    summary, _ = imported(*lines, kind="movements")
    assert (summary.unchanged, summary.written, summary.refused) == (1, 0, 0)
    assert StockTransaction.objects.count() == 1


def test_a_day_that_was_given_leaves_as_it_was_given(
    laptop: Product, shelf: Location, zone: str
) -> None:
    day = (datetime.now(UTC) - timedelta(days=40)).date().isoformat()
    imported("sku,kind,quantity,date", f"NB-LEN-T14,receipt,7,{day}", kind="movements")
    lines = "".join(exports.export("movements")).splitlines()
    assert f",{day}," in lines[1]
    assert imported(*lines, kind="movements")[0].written == 0
