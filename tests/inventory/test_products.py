"""New products, their own page, and what managers may change."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


def add(client: Client, **changes: Any) -> Any:
    data = {"name": "Dock", "sku": "DK-1", "reorder_point": "2", "location": "A1-03"}
    data |= {"quantity": "5", "idempotency_key": str(uuid4())} | changes
    return client.post("/products/new/", data, headers=HTMX)


def test_an_operator_may_not_add_or_change_products(operator: Client, laptop: Product) -> None:
    for address in ("/products/new/", "/products/NB-LEN-T14/edit/"):
        assert operator.get(address).status_code == 403
        assert operator.post(address).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sku": "nb-len-t14"}, "“Lenovo ThinkPad T14” has this SKU already."),
        ({"sku": "NEW"}, "“NEW” is reserved. Choose another code."),
        ({"sku": "a/b"}, "Use letters, digits, “.”, “-” and “_” only"),
        ({"sku": "a\0b"}, "Null characters are not allowed."),
        ({"sku": ""}, "This field is required."),
        ({"sku": "x" * 65}, "at most 64 characters"),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 1_000_000}, "at most 120 characters"),
        ({"quantity": "1.5"}, "Enter a whole number, in digits only."),
        ({"quantity": "-1"}, "Enter a whole number from 0 to 1,000,000."),
        ({"location": ""}, "Say where these units are."),
        ({"location": "GONE"}, "There is no location “GONE”."),
        ({"reorder_point": "many"}, "Enter a whole number, in digits only."),
        ({"manufacturer": "999"}, "Select a valid choice."),
        ({"category": "x"}, "Select a valid choice."),
        ({"idempotency_key": ""}, "This form was incomplete."),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field_and_nothing_is_written(
    manager: Client, laptop: Product, shelf: Location, changes: dict[str, str], sentence: str
) -> None:
    answer = add(manager, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Product.objects.count() == 1
    assert not StockTransaction.objects.exists()


def test_a_new_product_opens_its_book_with_a_receipt(manager: Client, shelf: Location) -> None:
    answer = add(manager)
    assert answer.headers["HX-Redirect"] == "/products/DK-1/"
    line = StockTransaction.objects.select_related("actor").get()
    assert (line.kind, line.quantity, line.reason) == ("receipt", 5, "Opening stock")
    assert line.actor.name == "Marina Ribeiro"


def test_a_new_product_without_stock_needs_no_place(manager: Client, db: None) -> None:
    add(manager, quantity="0", location="")
    assert Product.objects.get().sku == "DK-1"
    page = manager.get("/").content.decode()
    assert "Receive" in page


def test_the_sku_is_found_whatever_its_case_and_its_page_tells_everything(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    page = operator.get("/products/nb-len-t14/").content.decode()
    assert "A1-03" in page
    assert "0 → 5" in page
    assert "Marina Ribeiro" in page


def test_a_change_keeps_the_sku(manager: Client, laptop: Product) -> None:
    data = {"name": "ThinkPad", "sku": "OTHER", "reorder_point": "1", "is_active": "on"}
    manager.post("/products/NB-LEN-T14/edit/", data)
    laptop.refresh_from_db()
    assert (laptop.name, laptop.sku) == ("ThinkPad", "NB-LEN-T14")


@pytest.mark.parametrize(
    "address", ["/products/nope/", "/products/a%2Fb/", "/transactions/" + "9" * 30 + "/"]
)
def test_what_is_not_there_is_not_found(operator: Client, address: str) -> None:
    answer = operator.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_product_at_two_places_shows_both_and_the_sum(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    receive(laptop, Location.objects.create(code="B1-01"), 2)
    page = operator.get("/").content.decode()
    assert page.count("7 in all") == 2
    assert StockLevel.objects.count() == 2


def test_the_report_adds_up_by_category_and_place(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    room = Location.objects.create(code="ROOM", name="Storeroom")
    shelf.parent = room
    shelf.save()
    receive(laptop, shelf, 5)
    page = operator.get("/reports/stock/").content.decode()
    assert page.count('<td class="n">5</td>') == 4  # no category, room, shelf, low list
    assert "Without a category" in page


def test_a_new_product_with_none_on_the_shelf_still_shows_where_it_goes(
    manager: Client, shelf: Location
) -> None:
    add(manager, quantity="0")
    assert StockLevel.objects.get().location == shelf
    assert not StockTransaction.objects.exists()
