"""Stock as Django reads it: balances and the ledger. `ledger.sql` owns the tables and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.kinds import BATCH_LABELS, KNOWN_REASONS, RULES, BatchKind, Kind


class StockLevel(models.Model):
    """How many units of a product are at a location. Written by the ledger's functions alone."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="levels", verbose_name=_("product")
    )
    location = models.ForeignKey(
        Location, models.CASCADE, related_name="levels", verbose_name=_("location")
    )
    on_hand = models.BigIntegerField(_("on hand"))
    reserved = models.BigIntegerField(_("reserved"))
    seq = models.BigIntegerField()
    head_hash = models.BinaryField()
    moved_at = models.DateTimeField(_("last moved"), null=True)

    class Meta:
        managed = False
        db_table = "stock_level"
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")

    def __str__(self) -> str:
        return f"{self.product} @ {self.location.code}: {self.on_hand}"

    @property
    def available(self) -> int:
        """Units that are held for nobody."""
        return self.on_hand - self.reserved


class StockTotal(models.Model):
    """A product at all its locations together, and what that is worth at moving average cost.

    `value` is of all on hand, `average` of one unit, both in the currency of the settings; the
    average stays when the last unit goes.
    """

    product = models.OneToOneField(
        Product,
        models.DO_NOTHING,  # the database takes it along
        primary_key=True,
        related_name="total",
        verbose_name=_("product"),
    )
    on_hand = models.BigIntegerField(_("on hand"))
    reserved = models.BigIntegerField(_("reserved"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    average = models.DecimalField(_("average cost"), max_digits=20, decimal_places=6)
    moved_at = models.DateTimeField(_("last moved"), null=True)

    class Meta:
        managed = False
        db_table = "stock_total"
        verbose_name = _("stock of a product")
        verbose_name_plural = _("stock of products")

    def __str__(self) -> str:
        return f"{self.product}: {self.on_hand}"

    @property
    def available(self) -> int:
        """Units that are held for nobody."""
        return self.on_hand - self.reserved


class Batch(models.Model):
    """Transactions that belong to one act: a transfer, an import, a count, a bulk action."""

    kind = models.TextField(
        _("kind"), choices=[(kind.value, BATCH_LABELS[kind]) for kind in BatchKind]
    )
    reason = models.TextField(_("reason"), blank=True)
    reference = models.TextField(_("reference"), blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name=_("reverses")
    )
    actor = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField(_("time"))

    if TYPE_CHECKING:
        reverses_id: int | None
        reversal: Batch

    class Meta:
        managed = False
        db_table = "stock_batch"
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def reason_shown(self) -> str:
        """The reason as typed; the system's own ones in the reader's language."""
        return gettext(self.reason) if self.reason in KNOWN_REASONS else self.reason


class Reservation(models.Model):
    """Units held for a person or a ticket until the end of a day."""

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="reservations")
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="reservations", verbose_name=_("product")
    )
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="reservations", verbose_name=_("location")
    )
    quantity = models.BigIntegerField(_("quantity"))
    left_over = models.BigIntegerField(_("still held"))
    recipient = models.TextField(_("for whom"))
    reference = models.TextField(_("reference"), blank=True)
    until = models.DateField(_("until"))
    created_by = models.ForeignKey(
        Person,
        models.PROTECT,
        db_constraint=False,
        db_column="created_by",
        related_name="+",
        verbose_name=_("person"),
    )
    created_at = models.DateTimeField(_("time"))
    idempotency_key = models.UUIDField()
    closed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_column="closed_by",
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_as = models.TextField(
        _("closed as"),
        choices=[
            ("", _("open")),
            ("issued", _("issued")),
            ("released", _("released")),
            ("expired", _("expired")),
        ],
    )

    class Meta:
        managed = False
        db_table = "stock_reservation"
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")

    def __str__(self) -> str:
        return f"{self.left_over}/{self.quantity} → {self.recipient}"

    @property
    def is_open(self) -> bool:
        """Whether it still holds anything."""
        return self.closed_at is None


class Approval(models.Model):
    """An act that waits, or waited, for another person: `movements` is what was asked for."""

    movements = models.JSONField(_("movements"))
    batch_kind = models.TextField(_("kind"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    reference = models.TextField(_("reference"), blank=True)
    units = models.BigIntegerField(_("units"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    created_by = models.ForeignKey(
        Person,
        models.PROTECT,
        db_constraint=False,
        db_column="created_by",
        related_name="+",
        verbose_name=_("asked by"),
    )
    created_at = models.DateTimeField(_("time"))
    idempotency_key = models.UUIDField()
    approved_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_column="approved_by",
        related_name="+",
        verbose_name=_("approved by"),
    )
    refused_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_column="refused_by",
        related_name="+",
        verbose_name=_("refused by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    refusal = models.TextField(_("why refused"), blank=True)

    class Meta:
        managed = False
        db_table = "stock_approval"
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.units}: {self.reason}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decided_at is None


class Reason(models.Model):
    """A reason that people choose from a list: managers keep the list, the ledger keeps the text.

    `kind` narrows it to one kind of transaction; empty: all that need a reason.
    """

    text = models.CharField(_("reason"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=16,
        blank=True,
        choices=[(kind.value, RULES[kind].label) for kind in Kind if RULES[kind].needs_reason],
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "stock_reason"
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("text"),
                "kind",
                name="reason_unique",
                violation_error_message=_("This reason is in the list already."),
            )
        ]

    def __str__(self) -> str:
        return gettext(self.text) if self.text in KNOWN_REASONS else self.text


class TransactionQuerySet(models.QuerySet["StockTransaction"]):
    """Questions about the ledger, in words."""

    def explained(self) -> Self:
        """Fetch what a history line shows, in the same query."""
        return self.select_related(
            "level__product", "level__location", "actor", "reversal", "supplier", "batch"
        )


class StockTransaction(models.Model):
    """One immutable line of the ledger."""

    level = models.ForeignKey(
        StockLevel, models.PROTECT, related_name="transactions", verbose_name=_("stock level")
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        db_constraint=False,
        related_name="transactions",
        verbose_name=_("product"),
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="lines", verbose_name=_("batch")
    )
    seq = models.BigIntegerField()
    kind = models.TextField(_("kind"), choices=[(kind.value, RULES[kind].label) for kind in Kind])
    quantity = models.BigIntegerField(_("quantity"))
    balance_after = models.BigIntegerField(_("balance after"))
    reason = models.TextField(_("reason"), blank=True)
    reference = models.TextField(_("reference"), blank=True)
    recipient = models.TextField(_("recipient"), blank=True)
    occurred_on = models.DateField(_("occurred on"), null=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, related_name="+", verbose_name=_("supplier")
    )
    unit_cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=4, null=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True)
    reservation = models.ForeignKey(
        Reservation,
        models.PROTECT,
        null=True,
        related_name="transactions",
        verbose_name=_("reservation"),
    )
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        related_name="transactions",
        verbose_name=_("approval"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name=_("reverses")
    )
    actor = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    idempotency_key = models.UUIDField(null=True)
    digest = models.BinaryField()
    created_at = models.DateTimeField(_("time"))
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    objects = TransactionQuerySet.as_manager()

    if TYPE_CHECKING:
        level_id: int
        product_id: int
        batch_id: int | None
        reverses_id: int | None
        reversal: StockTransaction

    class Meta:
        managed = False
        db_table = "stock_transaction"
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d} → {self.balance_after}"

    @property
    def reason_shown(self) -> str:
        """The reason as typed; the system's own ones in the reader's language."""
        return gettext(self.reason) if self.reason in KNOWN_REASONS else self.reason

    @property
    @admin.display(description=_("Fingerprint"))
    def fingerprint(self) -> str:
        """The line's hash, in hexadecimal: what it and all before it on its level add up to."""
        return bytes(self.hash).hex()

    @property
    def balance_before(self) -> int:
        """On hand before this line."""
        return self.balance_after - self.quantity

    @property
    def is_reversed(self) -> bool:
        """Whether a later line has taken this one back."""
        return hasattr(self, "reversal")

    @property
    def is_reversible(self) -> bool:
        """Whether it may still be taken back (if the stock is there)."""
        stays = {Kind.REVERSAL.value, Kind.TRANSFER.value}  # a transfer goes back as a whole
        return self.kind not in stays and not self.is_reversed


class Verification(models.Model):
    """The outcome of one run of `verify_ledger`: the standing proof on the dashboard.

    `transactions` were looked at; `proven` is how many explain the `levels` in all. `full_at` is
    when everything was last looked at. `faults` are the first 50 differences, as sentences.
    """

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    is_incremental = models.BooleanField(_("only what is new"), db_default=False)
    full_at = models.DateTimeField(_("everything verified at"), null=True)
    levels = models.BigIntegerField(_("balances"))
    proven = models.BigIntegerField(_("transactions in all"), db_default=0)
    transactions = models.BigIntegerField(_("transactions"))
    differences = models.BigIntegerField(_("differences"))
    first_bad = models.TextField(_("first difference"), blank=True)
    faults = ArrayField(models.TextField(), verbose_name=_("differences found"), db_default=[])

    class Meta:
        db_table = "stock_verification"
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        get_latest_by = "started_at"

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {self.differences}"

    @property
    def seconds(self) -> float | None:
        """How long it took; None on those from before that was kept."""
        took = self.finished_at and self.finished_at - self.started_at
        return took.total_seconds() if took else None
