"""Stock as Django reads it: balances and the ledger. `ledger.sql` owns the tables and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import OPENING, RULES, Kind


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


class TransactionQuerySet(models.QuerySet["StockTransaction"]):
    """Questions about the ledger, in words."""

    def explained(self) -> Self:
        """Fetch what a history line shows, in the same query."""
        return self.select_related("level__product", "level__location", "actor", "reversal")


class StockTransaction(models.Model):
    """One immutable line of the ledger."""

    level = models.ForeignKey(
        StockLevel, models.PROTECT, related_name="transactions", verbose_name=_("stock level")
    )
    seq = models.BigIntegerField()
    kind = models.TextField(_("kind"), choices=[(kind.value, RULES[kind].label) for kind in Kind])
    quantity = models.BigIntegerField(_("quantity"))
    balance_after = models.BigIntegerField(_("balance after"))
    reason = models.TextField(_("reason"), blank=True)
    reference = models.TextField(_("reference"), blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name=_("reverses")
    )
    actor = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    idempotency_key = models.UUIDField()
    digest = models.BinaryField()
    created_at = models.DateTimeField(_("time"))
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    objects = TransactionQuerySet.as_manager()

    if TYPE_CHECKING:
        level_id: int
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
        """The reason as typed; the system's own one in the reader's language."""
        return gettext(OPENING) if self.reason == OPENING else self.reason

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
        return self.kind != Kind.REVERSAL and not self.is_reversed


class Verification(models.Model):
    """The outcome of one run of `verify_ledger`: the standing proof on the dashboard."""

    started_at = models.DateTimeField(_("started at"))
    levels = models.BigIntegerField(_("balances"))
    transactions = models.BigIntegerField(_("transactions"))
    differences = models.BigIntegerField(_("differences"))
    first_bad = models.TextField(_("first difference"), blank=True)

    class Meta:
        db_table = "stock_verification"
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        get_latest_by = "started_at"

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {self.differences}"
