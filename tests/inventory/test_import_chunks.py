"""A long file of movements: cut into chunks or whole, looked at or imported, the answer is one."""

import pytest

from inventory_site.imports import importer
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db

LINES = [
    "sku,kind,quantity,reason",
    "NB-LEN-T14,issue,10,",
    "NB-LEN-T14,issue,3,",
    "NB-LEN-T14,receipt,3,",
    "NB-LEN-T14,receipt,3,",
    "NB-LEN-T14,transfer,-4,Moved",
    "NB-LEN-T14,issue,4,Moved",
    "NB-LEN-T14,issue,1,Last",
]
"""Of fifteen, each row finds what the rows before have left; two are equal, two nearly so."""


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_rows_of_a_place_follow_on_from_each_other_across_chunks(
    laptop: Product, shelf: Location, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    receive(laptop, shelf, 15)
    _, whole = imported(*LINES, kind="movements", commit=False)
    assert [row.units for row in whole] == [-10, -3, 3, 3, -4, -4, 0]
    assert whole[-1].note == "Not enough stock: only 0 available."
    monkeypatch.setattr(importer, "CHUNK", chunk)
    good = LINES[:-1]
    summary, rows = imported(*good, kind="movements")
    assert summary.is_written
    assert rows == whole[:-1]
    assert on_hand(laptop, shelf) == 0
    assert StockTransaction.objects.count() == len(good)
    again, _ = imported(*good, kind="movements")
    assert (again.written, again.unchanged) == (0, len(good) - 1)
