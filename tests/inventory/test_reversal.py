"""Undo: a line of its own, once, and only while the stock is there."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import person, receive


def test_a_line_is_taken_back_only_once(laptop: Product, shelf: Location) -> None:
    line = receive(laptop, shelf, 5)
    ledger.reverse(line.pk, actor=person(Role.OPERATOR), key=uuid4())
    with pytest.raises(refusals.AlreadyReversed):
        ledger.reverse(line.pk, actor=person(Role.MANAGER), key=uuid4())
    assert StockLevel.objects.get().on_hand == 0


def test_a_reversal_itself_stays(laptop: Product, shelf: Location) -> None:
    line = receive(laptop, shelf, 5)
    back = ledger.reverse(line.pk, actor=person(Role.OPERATOR), key=uuid4())
    with pytest.raises(refusals.ReversalStays):
        ledger.reverse(back.pk, actor=person(Role.OPERATOR), key=uuid4())


def test_a_receipt_whose_stock_is_gone_cannot_be_taken_back(
    laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    out = ledger.Movement(product_id=laptop.pk, location_id=shelf.pk, kind=Kind.ISSUE, quantity=-3)
    ledger.record(out, actor=person(Role.OPERATOR), key=uuid4())
    with pytest.raises(refusals.InsufficientStock):
        ledger.reverse(line.pk, actor=person(Role.OPERATOR), key=uuid4())
    assert StockLevel.objects.get().on_hand == 2


def test_there_is_nothing_to_take_back_where_there_is_no_line(db: None) -> None:
    with pytest.raises(refusals.UnknownTransaction):
        ledger.reverse(12345, actor=person(Role.OPERATOR), key=uuid4())


def test_a_viewer_cannot_undo(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    key = {"idempotency_key": str(uuid4())}
    assert client_as(Role.VIEWER).post(f"/transactions/{line.pk}/reversal/", key).status_code == 403
    assert StockTransaction.objects.count() == 1


def test_both_lines_stay_in_the_history_and_point_at_each_other(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    answer = operator.post(
        f"/transactions/{line.pk}/reversal/",
        {"idempotency_key": str(uuid4()), "next": "/products/NB-LEN-T14/"},
    )
    assert answer.headers["Location"] == "/products/NB-LEN-T14/"
    line.refresh_from_db()
    assert line.is_reversed
    assert line.reversal.quantity == -5
    assert line.reversal.actor.name == "Otto Oliveira"
    page = operator.get("/products/NB-LEN-T14/").content.decode()
    assert "5 → 0" in page
    assert "0 → 5" in page
