"""What must hold of a ledger after anything at all: derived again from its lines, in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from inventory_site.products.models import Product
from inventory_site.stock.models import (
    Batch,
    Reservation,
    StockLevel,
    StockTotal,
    StockTransaction,
)
from inventory_site.stock.tally import totals
from inventory_site.stock.verification import verify


def assert_sound() -> None:
    """Check everything."""
    lines = list(StockTransaction.objects.select_related("level").order_by("created_at", "id"))
    assert_balances(lines)
    assert_reservations()
    assert_undone_batches_left_no_trace(lines)
    assert_tiles()
    proof = verify()
    assert proof.differences == 0, proof.first_bad
    assert proof.transactions == len(lines)


def assert_balances(lines: Iterable[StockTransaction]) -> None:
    """The sum of the lines is the balance of each level, and of each product; so is the worth."""
    units: defaultdict[int, int] = defaultdict(int)
    worth: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        units[line.level_id] += line.quantity
        assert line.balance_after == units[line.level_id] >= 0
        worth[line.product_id] += line.value or 0
    products: defaultdict[int, int] = defaultdict(int)
    for level in StockLevel.objects.all():
        assert level.on_hand == units[level.pk]
        products[level.product_id] += level.on_hand
    for total in StockTotal.objects.all():
        assert total.on_hand == products[total.product_id]
        assert total.value == worth[total.product_id] >= 0
        assert total.on_hand or not total.value


def assert_reservations() -> None:
    """What is reserved is what open reservations still hold, and never more than there is."""
    held: defaultdict[int, int] = defaultdict(int)
    for reservation in Reservation.objects.filter(closed_at=None):
        held[reservation.level_id] += reservation.left_over
    for level in StockLevel.objects.all():
        assert level.reserved == held[level.pk]
        assert 0 <= level.reserved <= level.on_hand
    for total in StockTotal.objects.all():
        levels = StockLevel.objects.filter(product=total.product_id)
        assert total.reserved == sum(level.reserved for level in levels)


def assert_undone_batches_left_no_trace(lines: Iterable[StockTransaction]) -> None:
    """A batch that was undone adds up to nothing at every place, with what took it back."""
    moved: defaultdict[int | None, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    batch_of = {line.pk: line.batch_id for line in lines}
    for line in lines:
        act = batch_of[line.reverses_id] if line.reverses_id else line.batch_id
        moved[act][line.level_id] += line.quantity
    for batch in Batch.objects.exclude(reverses=None):
        assert not any(moved[batch.reverses_id].values())
        assert {line.created_at for line in batch.lines.all()} == {batch.created_at}


def assert_tiles() -> None:
    """The numbers on the tiles are those of the products."""
    products = Product.objects.in_use().with_on_hand()
    shown = totals()
    assert shown.products == products.count()
    assert shown.units == sum(total.on_hand for total in StockTotal.objects.all())
    assert shown.low == products.low_on_stock().count()
    assert shown.out == products.out_of_stock().count()
