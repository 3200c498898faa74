"""Posting a count: all differences as one batch, once; undone, it leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.counts import posting, results
from inventory_site.counts.models import Line
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Batch, StockLevel, StockTotal, StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move, on_hand, opened, posted, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock(db: None, shelf: Location) -> Product:
    """Four docks on the shelf, of 20.00 each."""
    product = Product.objects.create(sku="DK-1", name="Dock")
    movement = ledger.Movement(
        product_id=product.pk,
        location_id=shelf.pk,
        kind=Kind.RECEIPT,
        quantity=4,
        unit_cost=Decimal(20),
    )
    ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())
    return product


def balances() -> dict[str, Any]:
    levels = StockLevel.objects.values_list("product", "location", "on_hand", "reserved")
    totals = StockTotal.objects.values_list("product", "on_hand", "value")
    return {"levels": sorted(levels), "totals": sorted(totals)}


def test_posting_is_one_batch_and_posting_again_changes_nothing(
    laptop: Product, dock: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    count = opened()
    told(count, Line.objects.get(level__product=laptop), quantity=6)
    told(count, Line.objects.get(level__product=dock), quantity=1)
    batch = posted(count).batch
    assert batch
    assert (batch.kind, batch.reference) == ("count", count.name)
    lines = batch.lines.values_list("product", "kind", "quantity").order_by("quantity")
    assert list(lines) == [(dock.pk, "count", -3), (laptop.pk, "count", 1)]
    assert posted(count).batch == batch
    assert Batch.objects.count() == 1
    assert results.totals_of(posted(count)) == results.Totals(2, 1, -3, Decimal("-60.0000"))
    assert verify().differences == 0


def test_undone_posting_leaves_no_trace_in_the_balances(
    laptop: Product, dock: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    before = balances()
    count = opened()
    told(count, Line.objects.get(level__product=laptop), quantity=9)
    batch = posted(count, rest_none=True).batch
    assert batch
    assert (on_hand(laptop, shelf), on_hand(dock, shelf)) == (9, 0)
    undone = ledger.reverse_batch(batch.pk, actor=person(Role.ADMIN), key=uuid4())
    assert balances() == before
    count.refresh_from_db()
    assert results.undone_by(count) == undone
    assert verify().differences == 0


def test_what_nobody_counted_stays_unless_it_is_to_count_as_none(
    laptop: Product, dock: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    first, second = opened(), opened()
    preview = posting.preview(first)
    assert (preview.rest, preview.rest_units, preview.rest_worth) == (2, 9, Decimal(80))
    assert posted(first).batch is None
    assert on_hand(laptop, shelf) == 5
    move(laptop, shelf, +2)
    done = posted(second, rest_none=True)
    assert (on_hand(laptop, shelf), on_hand(dock, shelf)) == (0, 0)
    rows = results.explained(done, results.lines_of(done, differing=True))
    assert {(row.book, row.counted, row.difference) for row in rows} == {(7, 0, -7), (4, 0, -4)}


def test_what_moved_between_counting_and_posting_is_told(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    count = opened()
    told(count, quantity=4)
    move(laptop, shelf, +3)
    move(laptop, shelf, -1)
    done = posted(count)
    move(laptop, shelf, +10)
    (row,) = results.explained(done, results.lines_of(done, differing=True))
    assert row.posted == StockTransaction.objects.get(kind="count")
    assert (row.book, row.counted, row.difference, row.line.moved) == (5, 4, -1, 2)


def test_a_count_takes_in_what_lies_in_its_scope_in_the_order_of_the_shelves(
    laptop: Product, dock: Product, shelf: Location
) -> None:
    aisle = Location.objects.create(code="A1")
    shelf.parent = aisle
    shelf.save()
    elsewhere = Location.objects.create(code="B2")
    laptop.category = Category.objects.create(
        name="Laptops", parent=Category.objects.create(name="Computers")
    )
    laptop.save()
    for place in (shelf, elsewhere):
        receive(laptop, place, 1)

    def found(**scope: Any) -> list[str]:
        lines = opened(is_blind=True, **scope).lines.explained().order_by("number")
        return [f"{line.level.location.code} {line.level.product.sku}" for line in lines]

    everything = ["A1-03 DK-1", "A1-03 NB-LEN-T14", "B2 NB-LEN-T14"]
    assert found() == everything
    assert found(location=aisle) == everything[:2]
    assert found(category=laptop.category.parent) == everything[1:]
    assert found(products=[laptop], location=elsewhere) == everything[2:]
    move(dock, shelf, -4)
    assert found(products=[dock]) == []
    assert found(products=[dock], with_empty=True) == everything[:1]


def test_the_batch_leads_to_the_count_that_explains_it(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    count = opened()
    told(count, quantity=6)
    batch = posted(count).batch
    assert batch
    page = client_as(Role.VIEWER).get(f"/batches/{batch.pk}/").content.decode()
    assert f'<a href="/counts/{count.pk}/">{count.name}</a>' in page
    assert '<a class="menu-item" href="/counts/">' in page
