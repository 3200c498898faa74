"""What a count would change, and putting it on the books: all differences as one batch, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count as Number
from django.db.models import F, Q, Sum

from inventory_site.access.models import Person
from inventory_site.counts.models import Count, Line, LineQuerySet
from inventory_site.counts.refusals import CountClosed, LinesInDoubt, LinesShort, refusals
from inventory_site.stock import ledger
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.refusals import InsufficientStock

WORTH = F("difference") * F("level__product__total__average")
REST_WORTH = F("level__on_hand") * F("level__product__total__average")


@dataclass(frozen=True, slots=True)
class Preview:
    """What posting would do: lines that differ, units that come and go, and what that is worth.

    `rest` is the lines that nobody counted, `rest_units` what the book says is there, `rest_worth`
    what that is worth; all at today's average cost.
    """

    differing: int
    more: int
    fewer: int
    worth: Decimal
    rest: int
    rest_units: int
    rest_worth: Decimal

    @property
    def changes_nothing(self) -> bool:
        """Whether the book says all of it already."""
        return self.differing == 0


def preview(count: Count) -> Preview:
    """Return what posting would do as things stand, in one query."""
    rest = Q(latest=None)
    found = (
        Line.objects.filter(count=count)
        .with_difference()
        .aggregate(
            differing=Number("pk", filter=~Q(difference=0) & ~rest),
            more=Sum("difference", filter=Q(difference__gt=0), default=0),
            fewer=Sum("difference", filter=Q(difference__lt=0), default=0),
            worth=Sum(WORTH, default=Decimal(0)),
            rest=Number("pk", filter=rest),
            rest_units=Sum("level__on_hand", filter=rest, default=0),
            rest_worth=Sum(REST_WORTH, filter=rest, default=Decimal(0)),
        )
    )
    return Preview(**found)


def differing(count: Count) -> LineQuerySet:
    """Return the lines whose difference posting would put on the books."""
    return Line.objects.filter(count=count).with_difference().differing().explained()


def short(count: Count, *, is_rest_none: bool) -> LineQuerySet:
    """Return the lines that the stock of today cannot give: below none, or what is reserved."""
    lines = Line.objects.filter(count=count).with_difference(is_rest_none=is_rest_none)
    return lines.short().explained()


def post(count: Count, *, is_rest_none: bool, actor: Person, key: UUID) -> Count:
    """Post all differences as one batch and close the count; a posted one comes back as it is.

    Each difference is that of its line's moment, put onto today's on hand. With `is_rest_none`,
    what nobody counted counts as none; else it stays as it is. Raises `LinesInDoubt`, `LinesShort`,
    or `CountClosed` where it was cancelled: then nothing is written.
    """
    try:
        with transaction.atomic():
            return _post(count, is_rest_none=is_rest_none, actor=actor, key=key)
    except CountClosed:
        closed = Count.objects.get(pk=count.pk)
        if closed.is_posted:
            return closed
        raise


def _post(count: Count, *, is_rest_none: bool, actor: Person, key: UUID) -> Count:
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT hold_count(%s, %s)", [count.pk, is_rest_none])
        (moment,) = cursor.fetchone()
    lines = Line.objects.filter(count=count)
    if in_doubt := lines.in_doubt().count():
        raise LinesInDoubt(in_doubt)
    movements = _movements(count, is_rest_none=is_rest_none)
    try:
        batch = (
            ledger.record_batch(
                BatchKind.COUNT, movements, actor=actor, key=key, reference=count.name
            )
            if movements
            else None
        )
    except InsufficientStock as refusal:
        raise LinesShort(short(count, is_rest_none=is_rest_none).count()) from refusal
    closing = [count.pk, is_rest_none, batch and batch.pk, moment]
    with refusals():
        return Count.objects.raw(
            "SELECT * FROM close_count(%s, 'posted', %s, %s, %s, %s, %s, %s)",
            [*closing, actor.id, actor.name, actor.email],
        )[0]


def _movements(count: Count, *, is_rest_none: bool) -> list[Movement]:
    lines = Line.objects.filter(count=count).with_difference(is_rest_none=is_rest_none)
    wanted = lines.differing().select_related("level").order_by("number")
    return [
        Movement(
            product_id=line.level.product_id,
            location_id=line.level.location_id,
            kind=Kind.COUNT,
            quantity=line.difference or 0,
            reference=count.name,
        )
        for line in wanted.iterator()
    ]
