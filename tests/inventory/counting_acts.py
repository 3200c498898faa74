"""What people do in stock counts, at random: part of the acts of `acts.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from inventory_site.counts import counting, posting
from inventory_site.counts.counting import Counted
from inventory_site.counts.models import Count, Line

if TYPE_CHECKING:
    from tests.inventory.acts import Chance, World


def open_count(world: World, chance: Chance) -> None:
    """Open a count of a place, of some products, or of everything; blind or not."""
    counting.open_count(
        "Count",
        is_blind=bool(chance.randint(0, 1)),
        location=chance.choice(world.places) if chance.randint(0, 1) else None,
        products=world.products[: chance.randint(1, len(world.products))],
        with_empty=bool(chance.randint(0, 1)),
        actor=chance.choice(world.people),
        key=uuid4(),
    )


def count_line(world: World, chance: Chance) -> None:
    """Say what is at a place: about what the book says, of a line or of something found there."""
    counts = list(Count.objects.order_by("id"))
    if not counts:
        return
    count, is_more = chance.choice(counts[-3:]), not chance.randint(0, 3)
    lines = list(Line.objects.filter(count=count).select_related("level").order_by("id"))
    if lines and chance.randint(0, 4):
        line = chance.choice(lines)
        there = max(0, line.level.on_hand + chance.randint(-2, 2))
        seen = line.level.on_hand - (not chance.randint(0, 9)) if chance.randint(0, 1) else None
        said = Counted(line_id=line.pk, quantity=there, is_more=is_more, seen=seen)
    else:
        said = Counted(
            product_id=chance.choice(world.products).pk,
            location_id=chance.choice(world.places).pk,
            quantity=chance.randint(0, 9),
            is_more=is_more,
        )
    counting.record(count, [said], actor=chance.choice(world.people), key=uuid4())


def post_count(world: World, chance: Chance) -> None:
    """Put a count on the books, seldom with all that nobody counted as none; or cancel it."""
    if counts := list(Count.objects.order_by("id")):
        count, actor = chance.choice(counts[-3:]), chance.choice(world.people)
        if chance.randint(0, 9):
            is_rest_none = not chance.randint(0, 9)
            posting.post(count, is_rest_none=is_rest_none, actor=actor, key=uuid4())
        else:
            counting.cancel(count, actor=actor)
