"""What people choose and type about acts of several lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inventory_site.products.models import Product, Supplier
from inventory_site.stock.forms import LocationField, QuantityField, ReasonField
from inventory_site.stock.kinds import BATCH_LABELS, MAX_REFERENCE, RULES, BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockLevel
from inventory_site.stock.money import MoneyField
from inventory_site.stock.movement_forms import add_faults, mark_kinds

IN_BULK = (Kind.ISSUE, Kind.RECEIPT, Kind.TRANSFER, Kind.WRITE_OFF)
"""What can be done with several rows at once; nobody corrects unseen."""


class BatchFilterForm(forms.Form):
    """Which batches a list shows; empty: all."""

    kind = forms.ChoiceField(
        choices=[("", _("All kinds")), *((kind.value, BATCH_LABELS[kind]) for kind in BatchKind)],
        required=False,
        label=_("Kind"),
    )


class BulkForm(forms.Form):
    """One act on several levels: what to do, and how many units at each, in `units-<level id>`."""

    kind = forms.ChoiceField(
        label=_("Action"),
        choices=[(kind.value, RULES[kind].verb) for kind in IN_BULK],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what to do.")},
    )
    destination = LocationField(label=_("To location"), required=False)
    reason = ReasonField(required=False)
    reference = forms.CharField(label=_("Reference"), max_length=MAX_REFERENCE, required=False)

    def __init__(self, data: QueryDict | None, levels: Iterable[StockLevel]) -> None:
        """Ask about these levels."""
        super().__init__(data, initial={"kind": IN_BULK[0].value})
        mark_kinds(self, IN_BULK)
        self.levels = list(levels)
        for level in self.levels:
            label = f"{level.product.name} · {level.location.code}"
            field = QuantityField(min_value=0, label=label, required=False, initial=1)
            field.widget.attrs["class"] = "amount"
            self.fields[f"units-{level.pk}"] = field

    @property
    def lines(self) -> list[tuple[StockLevel, forms.BoundField]]:
        """Each level with its field."""
        return [(level, self[f"units-{level.pk}"]) for level in self.levels]

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind needs, and for at least one unit."""
        data = super().clean() or {}
        if not data.get("kind"):
            return data
        kind = Kind(data["kind"])
        add_faults(self)
        if kind is Kind.TRANSFER and data.get("destination"):
            for level in self.levels:
                if data.get(f"units-{level.pk}") and level.location_id == data["destination"].pk:
                    sentence = _("It is there already. Choose another location.")
                    self.add_error(f"units-{level.pk}", sentence)
        if not self.errors and not any(data.get(f"units-{level.pk}") for level in self.levels):
            self.add_error(None, _("Say how many units of at least one row."))
        return data

    @property
    def batch_kind(self) -> BatchKind:
        """What the batch is (after `is_valid`)."""
        is_transfer = self.cleaned_data["kind"] == Kind.TRANSFER
        return BatchKind.TRANSFER if is_transfer else BatchKind.BULK

    def movements(self) -> list[Movement]:
        """Return what was asked for as the ledger takes it (after `is_valid`)."""
        data = self.cleaned_data
        kind = Kind(data["kind"])
        asked = []
        for level in self.levels:
            if not (units := data.get(f"units-{level.pk}")):
                continue
            sign = -1 if kind is Kind.TRANSFER else RULES[kind].sign
            here = Movement(
                product_id=level.product_id,
                location_id=level.location_id,
                kind=kind,
                quantity=sign * units,
                reason=data["reason"],
                reference=data["reference"],
            )
            asked.append(here)
            if kind is Kind.TRANSFER:
                there = data["destination"].pk
                asked.append(replace(here, location_id=there, quantity=units))
        return asked


class ReceiptForm(forms.Form):
    """What came with a delivery, apart from its lines."""

    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.all(), label=_("Supplier"), required=False, empty_label="—"
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=MAX_REFERENCE,
        required=False,
        help_text=_("The delivery note or the order."),
    )


class ReceiptLineForm(forms.Form):
    """One line of a delivery; all fields empty: none."""

    use_required_attribute = False

    sku = forms.CharField(label=_("SKU"), max_length=64)
    location = LocationField(label=_("Location"))
    quantity = QuantityField(label=_("Quantity"), min_value=1)
    unit_cost = MoneyField(label=_("Unit cost"), required=False)

    def clean_sku(self) -> Product:
        """Return the product with this SKU."""
        sku: str = self.cleaned_data["sku"]
        found = Product.objects.filter(sku__iexact=sku).first()
        if found is None:
            sentence = _("There is no product with the SKU “%(sku)s”.")
            raise forms.ValidationError(sentence, "unknown", {"sku": sku})
        return found

    def movement(self, delivery: ReceiptForm) -> Movement:
        """Return the line as the ledger takes it (after `is_valid` of both)."""
        data = self.cleaned_data
        supplier = delivery.cleaned_data["supplier"]
        return Movement(
            product_id=data["sku"].pk,
            location_id=data["location"].pk,
            kind=Kind.RECEIPT,
            quantity=data["quantity"],
            reference=delivery.cleaned_data["reference"],
            supplier_id=supplier and supplier.pk,
            unit_cost=data["unit_cost"],
        )
