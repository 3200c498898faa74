"""The dialog behind "Adjust…": every kind of movement, with what it takes."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import receive

ADDRESS = "/products/NB-LEN-T14/transactions/new/?location=A1-03"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


@pytest.fixture
def five(laptop: Product, shelf: Location) -> StockTransaction:
    """Five laptops on the shelf."""
    return receive(laptop, shelf, 5)


def submit(client: Client, **changes: Any) -> Any:
    """Submit the dialog as it was rendered when five were there."""
    data = {"kind": "receipt", "quantity": "1", "location": "A1-03", "seen": "5"}
    data |= {"idempotency_key": str(uuid4())} | changes
    return client.post(ADDRESS, data, headers=HTMX)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "issue", "quantity": "6"}, "Not enough stock: only 5 available."),
        ({"kind": "adjustment", "quantity": "4"}, "Choose a reason from the list."),
        ({"kind": "adjustment", "quantity": "5", "reason": "Found"}, "nothing to correct"),
        ({"kind": "adjustment", "quantity": "-1", "reason": "Found"}, "from 0 to 1,000,000"),
        ({"kind": "adjustment", "quantity": "4", "reason": "Found", "seen": ""}, "Look at the"),
        ({"kind": "adjustment", "quantity": "4", "reason": "Found", "seen": "9" * 30}, "from 0 to"),
        ({"kind": "adjustment", "quantity": "4", "reason": "counted"}, "Choose a reason from the"),
        ({"kind": "write_off", "quantity": "1"}, "Choose a reason from the list."),
        ({"kind": "issue", "unit_cost": "3"}, "does not take this."),
        ({"kind": "receipt", "recipient": "Ana"}, "does not take this."),
        ({"kind": "receipt", "unit_cost": "3,5,5"}, "Enter an amount such as 1,234.50."),
        ({"kind": "receipt", "occurred_on": "2999-01-01"}, "This day is still to come."),
        ({"kind": "transfer"}, "Say where it goes."),
        ({"kind": "transfer", "destination": "a1-03"}, "It is there already."),
        ({"quantity": "0"}, "from 1 to 1,000,000"),
        ({"idempotency_key": ""}, "This form was incomplete."),
        ({"location": "GONE"}, "There is no location “GONE”."),
        ({"reference": "x" * 65}, "at most 64 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    operator: Client, five: StockTransaction, changes: dict[str, str], sentence: str
) -> None:
    answer = submit(operator, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert StockLevel.objects.get().on_hand == 5


def test_what_was_typed_is_still_there_after_a_refusal(
    operator: Client, five: StockTransaction
) -> None:
    page = submit(operator, kind="issue", quantity="6", note="For Rui").content.decode()
    assert 'value="6"' in page
    assert 'value="For Rui"' in page


def test_a_correction_is_refused_when_somebody_moved_the_stock_meanwhile_and_can_then_be_made(
    operator: Client, five: StockTransaction, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 1)
    answer = submit(operator, kind="adjustment", quantity="4", reason="Found")
    page = answer.content.decode()
    assert "Somebody moved this stock meanwhile: there are 6 now." in page
    assert 'name="seen" value="6"' in page
    submit(operator, kind="adjustment", quantity="4", reason="Found", seen="6")
    assert StockLevel.objects.get().on_hand == 4
    assert StockTransaction.objects.latest("seq").quantity == -2


def test_the_dialog_shows_the_place_and_what_is_there(
    operator: Client, five: StockTransaction
) -> None:
    page = operator.get(ADDRESS, headers=HTMX).content.decode()
    assert "Lenovo ThinkPad T14 · A1-03 · 5 in stock" in page
    assert "<html" not in page
    assert "autofocus" in page


def test_success_closes_the_dialog_and_updates_the_row(
    operator: Client, five: StockTransaction
) -> None:
    answer = submit(operator, kind="issue", quantity="2", note="For Rui", reference="T-4711")
    assert "dialog-done" in answer.headers["HX-Trigger"]
    assert f'<div id="qty-{five.level_id}" hx-swap-oob="innerHTML">' in answer.content.decode()
    line = StockTransaction.objects.latest("seq")
    assert (line.quantity, line.reason, line.reference) == (-2, "For Rui", "T-4711")


def test_without_a_script_it_is_a_page_of_its_own(operator: Client, five: StockTransaction) -> None:
    page = operator.get(ADDRESS).content.decode()
    assert "<h1" in page
    data = {"kind": "receipt", "quantity": "2", "location": "A1-03", "seen": "5"}
    answer = operator.post(ADDRESS, data | {"idempotency_key": str(uuid4())})
    assert answer.status_code == 302
    assert StockLevel.objects.get().on_hand == 7


def test_stock_can_be_received_at_a_place_where_there_never_was_any(
    operator: Client, five: StockTransaction
) -> None:
    Location.objects.create(code="B1-01")
    address = "/products/NB-LEN-T14/transactions/new/"
    page = operator.get(address).content.decode()
    assert "B1-01" in page
    data = {"kind": "receipt", "quantity": "3", "location": "b1-01"}
    operator.post(address, data | {"idempotency_key": str(uuid4())})
    assert StockLevel.objects.get(location__code="B1-01").on_hand == 3


def test_where_nothing_is_nothing_can_go_before_and_after_a_refusal(
    operator: Client, laptop: Product
) -> None:
    address = "/products/NB-LEN-T14/transactions/new/"
    data = {"kind": "issue", "quantity": "1", "location": "GONE"}
    for answer in (operator.get(address), operator.post(address, data)):
        page = answer.content.decode()
        assert 'value="receipt"' in page
        assert 'value="adjustment"' not in page


def test_a_first_receipt_at_a_place_reloads_the_page_that_has_no_row_for_it(
    operator: Client, five: StockTransaction
) -> None:
    Location.objects.create(code="B1-01")
    data = {"kind": "receipt", "quantity": "3", "location": "B1-01"}
    data |= {"idempotency_key": str(uuid4())}
    answer = operator.post("/products/NB-LEN-T14/transactions/new/", data, headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert "now 3 in stock (B1-01)" in operator.get("/").content.decode()


def test_one_key_does_not_answer_for_a_correction_of_something_else_seen(
    operator: Client, five: StockTransaction
) -> None:
    key = str(uuid4())
    once = {"kind": "adjustment", "reason": "Found", "idempotency_key": key}
    submit(operator, **once, quantity="7", seen="5")
    again = submit(operator, **once, quantity="7", seen="5")
    assert again.status_code == 200
    other = submit(operator, **once, quantity="9", seen="7")
    assert "This form was already used for something else." in other.content.decode()
    assert StockLevel.objects.get().on_hand == 7
