"""Opening a count and writing down what was counted: the typed face of `counts.sql`.

One call per act, one round trip, all or nothing. What the database refuses comes back as a
`Refusal` (`refusals.py`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count as Number
from django.db.models import Q

from inventory_site.access.models import Person
from inventory_site.counts.models import Count, Entry, Line
from inventory_site.counts.refusals import refusals
from inventory_site.products.models import Category, Location, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a person says of one line, in units.

    Of the line `line_id`, or of a product at a place, which need not have a line yet. `is_more`:
    `quantity` comes on top of what was counted there before. `seen` is what the person was shown of
    the book, None for nothing: if it has moved since, the line is to be looked at again.
    """

    quantity: int
    line_id: int | None = None
    product_id: int | None = None
    location_id: int | None = None
    is_more: bool = False
    seen: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what `record_counts` takes."""
        return {
            "line": self.line_id,
            "product": self.product_id,
            "location": self.location_id,
            "kind": Entry.ADD if self.is_more else Entry.SET,
            "quantity": self.quantity,
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a count is: its lines, those counted, and those to look at again."""

    lines: int
    counted: int
    in_doubt: int

    @property
    def left(self) -> int:
        """Lines that nobody counted yet."""
        return self.lines - self.counted


def open_count(
    name: str,
    *,
    is_blind: bool,
    location: Location | None = None,
    category: Category | None = None,
    products: Collection[Product] = (),
    with_empty: bool = False,
    actor: Person,
    key: UUID,
) -> Count:
    """Open a count with a line for each product at each place in its scope.

    Location and category stand for all below them as well. `with_empty` adds places where the book
    says that none is left. The same key again returns the same count.
    """
    chosen = sorted(product.pk for product in products)
    scope = [location and location.pk, category and category.pk, chosen]
    branches = [location and branch_of(location), category and branch_of(category)]
    with refusals():
        return Count.objects.raw(
            "SELECT * FROM open_count(%s, %s, %s, %s, %s::bigint[], %s::bigint[], %s::bigint[], %s,"
            " %s, %s, %s, %s)",
            [name, is_blind, *scope, *branches, with_empty, *_signature(actor), key],
        )[0]


def record(count: Count, counted: Iterable[Counted], *, actor: Person, key: UUID) -> list[Entry]:
    """Write down what a person counted, with what the book said in that moment.

    All of it or nothing; the same key and content again returns the earlier entries.
    """
    entries = json.dumps([each.as_json() for each in counted])
    parameters = [count.pk, entries, *_signature(actor), key]
    call = "SELECT * FROM record_counts(%s, %s::jsonb, %s, %s, %s, %s)"
    with refusals():
        return list(Entry.objects.raw(call, parameters))


def cancel(count: Count, *, actor: Person) -> Count:
    """Close a count without posting anything."""
    with refusals():
        return Count.objects.raw(
            "SELECT * FROM close_count(%s, 'cancelled', false, NULL, NULL, %s, %s, %s)",
            [count.pk, *_signature(actor)],
        )[0]


def progress_of(count: Count) -> Progress:
    """Return how far a count is; a closed one has nothing left to look at again."""
    lines = Line.objects.filter(count=count)
    found = lines.aggregate(
        lines=Number("pk"), counted=Number("pk", filter=Q(latest__isnull=False))
    )
    return Progress(**found, in_doubt=lines.in_doubt().count() if count.is_open else 0)


def branch_of(node: Location | Category) -> list[int]:
    """Return the ids of a location or category and of all below it."""
    branch = type(node).objects.descendants(node, include_self=True)
    return list(branch.values_list("pk", flat=True))


def _signature(actor: Person) -> list[object]:
    return [actor.id, actor.name, actor.email]
