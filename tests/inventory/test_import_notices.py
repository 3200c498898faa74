"""What an import tells of: the stock as the whole file leaves it, not as a row in between does."""

import pytest

from inventory_site.notices.models import Notice
from inventory_site.products.models import Location, Product, ReorderPoint
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> list[tuple[str, int]]:
    notices = Notice.objects.order_by("created_at")
    return [(notice.kind, notice.data["on_hand"]) for notice in notices]


def test_what_runs_out_in_one_row_and_comes_in_the_next_is_no_shortage(
    laptop: Product, shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory_site.imports.importer.CHUNK", 1)
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=2)
    receive(laptop, shelf, 10)
    rows = [f"{laptop.sku},issue,10", f"{laptop.sku},receipt,50"]
    imported("sku,kind,quantity", *rows, kind="movements")
    assert on_hand(laptop, shelf) == 50
    assert told() == []


def test_what_the_file_as_a_whole_empties_is_told_once(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    rows = [f"{laptop.sku},issue,4", f"{laptop.sku},receipt,1", f"{laptop.sku},issue,7"]
    imported("sku,kind,quantity", *rows, kind="movements")
    assert told() == [("out_of_stock", 0)]


def test_a_file_that_is_only_looked_at_tells_nothing(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    imported("sku,kind,quantity", f"{laptop.sku},issue,10", kind="movements", commit=False)
    assert told() == []
