"""The report of movements as a page says what it says as a file, however it is put together."""

import csv

import pytest
from django.test import Client

from inventory_site.products.models import Location, Product
from inventory_site.reports.movements import By
from inventory_site.stock import past
from tests.inventory.conftest import receive
from tests.inventory.counting import move

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_rolled_up", [False, True])
@pytest.mark.parametrize("by", By)
def test_the_page_shows_every_row_of_the_file(
    manager: Client, laptop: Product, shelf: Location, by: By, is_rolled_up: bool
) -> None:
    receive(laptop, shelf, 1234)
    move(laptop, shelf, -34)
    if is_rolled_up:
        past.take_snapshot()
    address = f"/reports/movements/?by={by}"
    file = manager.get(f"{address}&format=csv").getvalue().decode("utf-8-sig")
    _header, *rows = csv.reader(file.splitlines())
    assert sum(int(row[3]) for row in rows) == 1234
    assert sum(int(row[4]) for row in rows) == 34
    page = manager.get(address).content.decode()
    for row in rows:
        label, numbers = row[1], [f"{int(number):,}" for number in row[2:6]]
        cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
        assert cells.replace("-", "−") in page.replace(">-", ">−")
        assert label in page


def test_a_name_is_shown_as_it_is_and_not_as_html(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    Product.objects.filter(pk=laptop.pk).update(name="<b>%(key)s {{ x }}</b>")
    receive(laptop, shelf, 1)
    page = manager.get("/reports/movements/?by=product").content.decode()
    assert "&lt;b&gt;%(key)s {{ x }}&lt;/b&gt;" in page
