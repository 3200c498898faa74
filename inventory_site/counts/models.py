"""A stock count: what is to be counted, what people found, and what the book said at that moment.

`counts.sql` writes these tables, and nothing else does; the app role may only read them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.products.models import Category, Location
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Batch, StockLevel, StockTransaction

BOOK_ONLY = (Kind.COUNT, Kind.ADJUSTMENT, Kind.WRITE_OFF, Kind.REVERSAL)
"""Kinds that may have corrected the book while the shelf stayed as it was counted."""


class Count(models.Model):
    """A stock count: open at first, then posted or cancelled, and never changed again.

    Its scope is a location with everything below it, a category with its branches, and chosen
    products; what is empty does not narrow it. Blind: nobody is shown the book while counting.
    """

    name = models.CharField(_("name"), max_length=64)
    is_blind = models.BooleanField(_("blind"))
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+", verbose_name=_("location")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category")
    )
    product_ids = ArrayField(models.BigIntegerField(), verbose_name=_("chosen products"))
    created_by = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("opened by")
    )
    created_at = models.DateTimeField(_("opened at"))
    idempotency_key = models.UUIDField()
    closed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_as = models.TextField(
        _("state"),
        choices=[("", _("open")), ("posted", _("posted")), ("cancelled", _("cancelled"))],
        blank=True,
    )
    is_rest_none = models.BooleanField(
        _("lines not counted are none"), default=False, help_text=_("else they stay as they are")
    )
    batch = models.OneToOneField(
        Batch, models.PROTECT, null=True, related_name="count", verbose_name=_("batch")
    )

    if TYPE_CHECKING:
        location_id: int | None
        category_id: int | None
        batch_id: int | None

    class Meta:
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"], name="count_key_reused"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="count_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(closed_as="", closed_at=None, closed_by=None)
                | models.Q(
                    closed_as__in=["posted", "cancelled"],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
                name="count_closed_as",
            ),
            models.CheckConstraint(
                condition=models.Q(batch=None) | models.Q(closed_as="posted"),
                name="count_batch_posted",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="count_by_time")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the count's own page."""
        return reverse("count", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it still takes entries."""
        return self.closed_at is None

    @property
    def state(self) -> str:
        """Whether it is open, posted or cancelled, as programs say it."""
        return self.closed_as or "open"

    @property
    def is_posted(self) -> bool:
        """Whether its differences are on the books."""
        return self.closed_as == "posted"


class LineQuerySet(models.QuerySet["Line"]):
    """Questions about the lines of counts, in words."""

    def explained(self) -> Self:
        """Fetch what a line shows, in the same query."""
        return self.select_related("level__product", "level__location", "latest__by")

    def counted(self) -> Self:
        """Keep those that somebody counted."""
        return self.filter(latest__isnull=False)

    def not_counted(self) -> Self:
        """Keep those that nobody counted."""
        return self.filter(latest=None)

    def with_difference(self, *, is_rest_none: bool = False) -> Self:
        """Add `difference`: counted less the book at the line's moment.

        Where nobody counted, None, or (`is_rest_none`) all that is there now, taken away.
        """
        difference = models.F("latest__counted") - models.F("latest__on_hand")
        if is_rest_none:
            rest = -models.F("level__on_hand")
            return self.annotate(difference=Coalesce(difference, rest))
        return self.annotate(difference=difference)

    def differing(self) -> Self:
        """Keep those that have a difference (after `with_difference`)."""
        return self.filter(models.Q(difference__gt=0) | models.Q(difference__lt=0))

    def with_doubt(self) -> Self:
        """Add `is_corrected`: whether the book may have been corrected since the line's moment.

        Posting the line's difference as well would correct the same thing twice.
        """
        later = StockTransaction.objects.filter(
            level=models.OuterRef("level"),
            seq__gt=models.OuterRef("latest__book_seq"),
            kind__in=[kind.value for kind in BOOK_ONLY],
        )
        return self.annotate(is_corrected=models.Exists(later))

    def in_doubt(self) -> Self:
        """Keep those that somebody must look at again before their difference can be posted."""
        doubted = ~models.Q(latest__doubt="") | models.Q(is_corrected=True)
        return self.counted().with_doubt().filter(doubted)

    def narrowed(self, *, show: str | None, start: int | None) -> Self:
        """Keep what `CountFilterForm` asks for, and say of each line whether it is in doubt."""
        lines = self.with_doubt()
        if show == "left":
            lines = lines.not_counted()
        elif show == "doubt":
            lines = lines.in_doubt()
        return lines.filter(number__gte=start) if start else lines

    def short(self) -> Self:
        """Keep those whose difference the stock of today cannot give (after `with_difference`)."""
        return self.filter(difference__lt=models.F("level__reserved") - models.F("level__on_hand"))

    def with_moved(self, until: datetime, batch_id: int | None) -> Self:
        """Add `moved`: what else came and went from the line's moment `until` the posting."""
        since = StockTransaction.objects.filter(
            level=models.OuterRef("level"),
            seq__gt=models.OuterRef("latest__book_seq"),
            created_at__lte=until,
        )
        if batch_id:
            since = since.exclude(batch=batch_id)
        total = since.values("level").annotate(sum=models.Sum("quantity")).values("sum")
        return self.annotate(moved=models.Subquery(total))


class Line(models.Model):
    """A product at a place, to be counted; `latest` is its last entry, which says how many.

    `number` is what the sheet on paper says. `is_found`: somebody found it there, and the book had
    none when the count was opened.
    """

    count = models.ForeignKey(Count, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="+")
    is_found = models.BooleanField(default=False)
    latest = models.OneToOneField("Entry", models.PROTECT, null=True, related_name="+")

    objects = LineQuerySet.as_manager()

    if TYPE_CHECKING:
        level_id: int
        latest_id: int | None
        difference: int | None  # with_difference()
        is_corrected: bool  # with_doubt()
        moved: int | None  # with_moved()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(fields=["count", "number"], name="count_line_number"),
            models.UniqueConstraint(fields=["count", "level"], name="count_line_level"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.level}"


class Entry(models.Model):
    """What one person said of one line; never changed.

    `counted` is the line's quantity after it: the same for “set”, more (or less) by `quantity` for
    “add”. `on_hand` and `book_seq` are what the book said, and how many transactions it had, in the
    very statement that wrote the entry. `seen` is what the person was shown of the book, if at all.
    """

    SET, ADD = "set", "add"
    DOUBTS = {
        "seen": _("Moved while you counted: look again."),
        "between": _("Moved between the counts that add up: look again."),
    }

    count = models.ForeignKey(Count, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.TextField(choices=[(SET, _("counted")), (ADD, _("added"))])
    quantity = models.BigIntegerField(_("quantity"))
    counted = models.BigIntegerField(_("counted"))
    on_hand = models.BigIntegerField(_("book"))
    book_seq = models.BigIntegerField()
    seen = models.BigIntegerField(null=True)
    doubt = models.TextField(choices=list(DOUBTS.items()), blank=True)
    by = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("time"))
    idempotency_key = models.UUIDField()

    if TYPE_CHECKING:
        line_id: int

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["line", "seq"], name="count_entry_seq"),
            models.UniqueConstraint(
                fields=["by", "idempotency_key", "line"], name="count_entry_key"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="set", quantity__range=(0, 1_000_000))
                | models.Q(kind="add", quantity__range=(-1_000_000, 1_000_000)),
                name="count_entry_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(counted__range=(0, 1_000_000)), name="count_entry_counted"
            ),
        ]
        indexes = [models.Index(fields=["count", "by", "-id"], name="count_entry_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} → {self.counted}"

    @property
    def difference(self) -> int:
        """Counted less what the book said at that moment."""
        return self.counted - self.on_hand
