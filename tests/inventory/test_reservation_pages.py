"""Reserving, issuing and releasing on pages and in dialogs."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Reservation, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import sent, text_of
from tests.inventory.holding import hold, in_days, stand

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/?product=nb-len-t14&location=a1-03"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def ten(laptop: Product, shelf: Location) -> None:
    """Ten laptops on the shelf."""
    receive(laptop, shelf, 10)


def ask(client: Client, *, headers: dict[str, str] | None = None, **changes: str) -> Any:
    """Send the form of a new reservation."""
    good = {"product": "nb-len-t14", "location": "a1-03", "quantity": "4", "recipient": "Ana"}
    good |= {"until": str(in_days(7)), "idempotency_key": str(uuid4())}
    return client.post(NEW, good | changes, headers=headers or {})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": "11"}, "Not enough stock: only 10 available."),
        ({"quantity": "0"}, "Enter a whole number from 1 to 1,000,000."),
        ({"quantity": "1.5"}, "Enter a whole number, in digits only."),
        ({"quantity": ""}, "This field is required."),
        ({"until": str(in_days(-1))}, "This day has passed."),
        ({"until": "tomorrow"}, "Enter a valid date."),
        ({"location": "GONE"}, "There is no location “GONE”."),
        ({"product": "GONE"}, "There is no product “GONE”."),
        ({"recipient": ""}, "This field is required."),
        ({"recipient": "x" * 121}, "at most 120 characters"),
        ({"reference": "x" * 65}, "at most 64 characters"),
        ({"idempotency_key": ""}, "This form was incomplete."),
        ({"idempotency_key": "7"}, "This form was incomplete."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_held(
    operator: Client, changes: dict[str, str], sentence: str
) -> None:
    for headers in ({}, HTMX):
        answer = ask(operator, headers=headers, **changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Reservation.objects.exists()


def test_a_viewer_looks_and_does_nothing(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    held = hold(laptop, shelf, 4)
    viewer = client_as(Role.VIEWER)
    assert ask(viewer).status_code == 403
    for act in ("transactions", "release"):
        answer = viewer.post(f"/reservations/{held.pk}/{act}/", {"quantity": "1"})
        assert answer.status_code == 403
    for address in ("/reservations/", f"/reservations/{held.pk}/", laptop.get_absolute_url()):
        page = text_of(viewer, address)
        assert "4 of 4" in page
        assert f"/reservations/{held.pk}/transactions/" not in page
        assert "/reservations/new/" not in page
    assert stand(laptop, shelf) == (10, 4, 6)


def test_a_double_click_holds_once_and_a_used_form_serves_nothing_else(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    key = str(uuid4())
    first, again = (ask(operator, idempotency_key=key) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    other = ask(operator, idempotency_key=key, quantity="5")
    assert "This form was already used for something else." in other.content.decode()
    assert stand(laptop, shelf) == (10, 4, 6)


def test_it_is_held_and_shown_with_and_without_a_dialog(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    assert "Lenovo ThinkPad T14 · A1-03 · 10 available" in text_of(operator, NEW)
    fragment = operator.get(NEW, headers=HTMX).content.decode()
    assert "10 available" in fragment
    assert "<html" not in fragment
    page = operator.get(ask(operator, reference="T-7").headers["Location"]).content.decode()
    assert "Held for Ana: 4." in page
    assert "4 of 4" in page
    assert ask(operator, headers=HTMX).headers["HX-Refresh"] == "true"
    assert "T-7" in text_of(operator, "/reservations/")
    assert "2 available" in text_of(operator, NEW)
    assert stand(laptop, shelf) == (10, 8, 2)


def test_without_a_level_the_form_asks_for_product_and_place(operator: Client) -> None:
    page = text_of(operator, "/reservations/new/")
    assert 'name="product"' in page
    assert '<option value="A1-03">' in page


def test_it_is_handed_out_in_part_then_wholly_and_each_can_be_undone(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    held = hold(laptop, shelf, 4, reference="T-7")
    address = f"/reservations/{held.pk}/transactions/"
    assert 'value="4"' in text_of(operator, address)
    assert "4 held for Ana" in text_of(operator, address)
    refused = sent(operator, address, quantity="5")
    assert "The reservation does not hold that many units here." in refused.content.decode()
    partly = sent(operator, address, quantity="1", reference="T-7").content.decode()
    assert "Issued to Ana: 1." in partly
    assert "3 of 4" in partly
    line = StockTransaction.objects.latest("pk")
    assert f"/transactions/{line.pk}/reversal/" in partly
    wholly = sent(operator, address, quantity="3").content.decode()
    assert "0 of 4" in wholly
    assert "Issued" in wholly
    assert f'href="{address}"' not in wholly
    assert "does not hold that many" in sent(operator, address, quantity="1").content.decode()
    assert stand(laptop, shelf) == (6, 0, 6)


def test_an_issue_sent_twice_counts_once_and_another_act_s_key_is_refused(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    held = hold(laptop, shelf, 4)
    address = f"/reservations/{held.pk}/transactions/"
    act = {"quantity": "1", "idempotency_key": str(uuid4())}
    assert [operator.post(address, act).status_code for _ in range(2)] == [302, 302]
    foreign = operator.post(address, act | {"idempotency_key": str(held.idempotency_key)})
    assert "This form was already used for something else." in foreign.content.decode()
    assert stand(laptop, shelf) == (9, 3, 6)
