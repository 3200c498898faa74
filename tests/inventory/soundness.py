"""What must hold of a ledger after anything at all: derived again from its lines, in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Product
from inventory_site.stock import past
from inventory_site.stock.models import (
    Batch,
    Reservation,
    StockLevel,
    StockTotal,
    StockTransaction,
)
from inventory_site.stock.tally import totals
from inventory_site.stock.verification import verify

type Place = tuple[int, int]
"""A product's id and a location's."""


def assert_sound() -> None:
    """Check everything."""
    lines = list(StockTransaction.objects.select_related("level").order_by("created_at", "id"))
    assert_balances(lines)
    assert_reservations()
    assert_undone_batches_left_no_trace(lines)
    assert_past(lines)
    assert_counts(lines)
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


def assert_past(lines: list[StockTransaction]) -> None:
    """Stock and worth of every instant are what a replay up to it gives, and rollups the lines."""
    for time in sorted({line.created_at for line in lines}):
        earlier = [line for line in lines if line.created_at <= time]
        assert past.on_hand_as_of(time) == replayed(earlier)
        assert past.standing_as_of(time) == replayed_products(earlier)
    assert past.past_faults() == []


def replayed(lines: Iterable[StockTransaction]) -> dict[Place, int]:
    """Return what was where, by adding up; places with nothing are left out."""
    found: defaultdict[Place, int] = defaultdict(int)
    for line in lines:
        found[line.product_id, line.level.location_id] += line.quantity
    return {place: units for place, units in found.items() if units}


def replayed_products(lines: Iterable[StockTransaction]) -> dict[int, past.Standing]:
    """Return what there was of each product and its worth, by adding up."""
    units: defaultdict[int, int] = defaultdict(int)
    worth: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        units[line.product_id] += line.quantity
        worth[line.product_id] += line.value or 0
    return {key: past.Standing(units[key], worth[key]) for key in units if units[key] or worth[key]}


def assert_counts(lines: Iterable[StockTransaction]) -> None:
    """What a count says of the book is what the book said; what it posted is the difference."""
    book = {(line.level_id, line.seq): line.balance_after for line in lines}
    for entry in Entry.objects.select_related("line"):
        assert entry.on_hand == book.get((entry.line.level_id, entry.book_seq), 0)
    for count in Count.objects.all():
        if not count.batch_id:
            continue
        posted = {line.level_id: line for line in lines if line.batch_id == count.batch_id}
        for said in Line.objects.filter(count=count).select_related("latest"):
            line = posted.pop(said.level_id, None)
            if said.latest:
                assert (line.quantity if line else 0) == said.latest.difference
            elif line:  # nobody counted it, and the count says so: none
                assert count.is_rest_none
                assert line.balance_after == 0
        assert not posted


def assert_tiles() -> None:
    """The numbers on the tiles are those of the products."""
    products = Product.objects.in_use().with_on_hand()
    shown = totals()
    assert shown.products == products.count()
    assert shown.units == sum(total.on_hand for total in StockTotal.objects.all())
    assert shown.low == products.low_on_stock().count()
    assert shown.out == products.out_of_stock().count()
