"""+1 and −1 from a row: refused in a sentence, or counted once and shown."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db
ADDRESS = "/products/NB-LEN-T14/transactions/"


def press(client: Client, kind: str = "receipt", **changes: Any) -> Any:
    """Press a button as htmx does."""
    data = {"kind": kind, "quantity": "1", "location": "A1-03"} | changes
    level = StockLevel.objects.first()
    headers = {
        "HX-Request": "true",
        "HX-Target": f"qty-{level.pk if level else 0}",
        "HX-Current-URL": "http://localhost/",
        "Idempotency-Key": str(data.pop("key", uuid4())),
    }
    return client.post(ADDRESS, data, headers=headers)


def test_a_viewer_may_not_move_stock(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    assert press(client_as(Role.VIEWER)).status_code == 403
    assert not StockTransaction.objects.exists()


def test_a_viewer_is_shown_no_buttons(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 1)
    for address in ("/", "/products/NB-LEN-T14/", "/transactions/"):
        page = client_as(Role.VIEWER).get(address).content.decode()
        assert "formaction" not in page
        assert "reversal" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": "0"}, "Enter a whole number from 1 to 1,000,000."),
        ({"quantity": "-1"}, "Enter a whole number from 1 to 1,000,000."),
        ({"quantity": "1.5"}, "Enter a whole number, in digits only."),
        ({"quantity": "1.000"}, "Enter a whole number, in digits only."),
        ({"quantity": "abc"}, "Enter a whole number, in digits only."),
        ({"quantity": str(10**12)}, "Enter a whole number from 1 to 1,000,000."),
        ({"quantity": "9" * 1_000_000}, "Enter a whole number, in digits only."),
        ({"quantity": ""}, "This field is required."),
        ({"quantity": "1\0"}, "Enter a whole number, in digits only."),
        ({"location": "NOWHERE"}, "There is no location “NOWHERE”."),
        ({"location": ""}, "This field is required."),
        ({"location": "A1\0"}, "Null characters are not allowed."),
        ({"location": "x" * 1_000_000}, "at most 64 characters"),
        ({"kind": "theft"}, "Choose what to do."),
        ({"kind": "reversal"}, "Choose what to do."),
        ({"kind": "adjustment", "reason": "x"}, "Choose what to do."),
        ({"reason": "\0"}, "Null characters are not allowed."),
        ({"reason": "x" * 201}, "at most 200 characters"),
        ({"kind": "issue"}, "Not enough stock: only 0 available."),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_nothing_is_written(
    operator: Client, laptop: Product, shelf: Location, changes: dict[str, str], sentence: str
) -> None:
    answer = press(operator, **({"kind": "receipt"} | changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert len(answer.content) < 5_000
    assert not StockTransaction.objects.exists()


def test_a_press_without_a_key_is_refused(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    assert press(operator, key="").status_code == 400
    assert press(operator, key="again").status_code == 400
    assert not StockTransaction.objects.exists()


def test_one_key_for_two_different_presses_is_a_conflict(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    key = uuid4()
    assert press(operator, key=key).status_code == 200
    assert press(operator, key=key, quantity="2").status_code == 409
    assert StockLevel.objects.get().on_hand == 1


def test_the_same_press_sent_twice_counts_once_and_answers_alike(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    key = uuid4()
    first, again = press(operator, key=key), press(operator, key=key)
    assert first.content == again.content
    assert StockLevel.objects.get().on_hand == 6


def test_a_press_costs_one_statement_that_writes_and_one_that_reads(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    press(operator)  # who acts is known by now, and what was withdrawn is asked once a second
    with CaptureQueriesContext(connection) as queries:
        assert press(operator).status_code == 200
    # Not the view's: what `press` looks up, the test's own atomic block, the cut-offs' cache.
    around = ('FROM "stock_level"', "SAVEPOINT", "access_cutoff")
    statements = [query["sql"] for query in queries if not any(x in query["sql"] for x in around)]
    assert len(statements) == 2
    assert "record_movement" in statements[0]


def test_a_press_answers_with_the_cell_the_tiles_and_a_way_back(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    page = press(operator).content.decode()
    assert page.startswith('<strong class="num" data-st="low">6</strong>')
    assert '<div id="tiles"' in page
    assert "Lenovo ThinkPad T14: +1, now 6 in stock (A1-03)" in page
    assert f"/transactions/{StockTransaction.objects.latest('id').pk}/reversal/" in page


def test_without_a_script_a_press_comes_back_to_its_page_with_a_message(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    data = {"kind": "receipt", "idempotency_key": str(uuid4()), "next": "/?q=lenovo"}
    answer = operator.post(f"{ADDRESS}?location=a1-03&quantity=1", data)
    assert answer.headers["Location"] == "/?q=lenovo"
    page = operator.get("/?q=lenovo").content.decode()
    assert "Lenovo ThinkPad T14: +1, now 1 in stock (A1-03)" in page


@pytest.mark.parametrize("way", ["https://elsewhere.example/", "//elsewhere.example", "/\\x", ""])
def test_nobody_is_led_elsewhere(
    operator: Client, laptop: Product, shelf: Location, way: str
) -> None:
    data = {"kind": "receipt", "idempotency_key": str(uuid4()), "next": way}
    answer = operator.post(f"{ADDRESS}?location=A1-03&quantity=1", data)
    assert answer.headers["Location"] == "/"


def test_every_press_names_who_did_it(operator: Client, laptop: Product, shelf: Location) -> None:
    press(operator)
    line = StockTransaction.objects.select_related("actor").get()
    assert (line.actor.name, line.actor.email) == ("Otto Oliveira", "operator@techstock.example")
    assert (line.balance_before, line.balance_after) == (0, 1)
