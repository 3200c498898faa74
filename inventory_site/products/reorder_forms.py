"""What people type about minimums and orders, turned into types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.products.models import Category, Location, ReorderPoint, Supplier
from inventory_site.products.reorder import Wish
from inventory_site.stock.forms import LocationField, QuantityField


class ReorderFilterForm(forms.Form):
    """What the list of things to order is narrowed down to; every field may be empty."""

    per = forms.ChoiceField(
        choices=[("", _("All locations together")), ("location", _("Each location by itself"))],
        required=False,
        label=_("Count"),
    )
    level = forms.ChoiceField(
        choices=[("", _("Low and out")), ("low", _("Low")), ("out", _("None available"))],
        required=False,
        label=_("Level"),
    )
    category = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Category.objects.with_tree_fields(),
        required=False,
        empty_label=_("All categories"),
        label=_("Category"),
    )
    location = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Location.objects.with_tree_fields(),
        required=False,
        empty_label=_("All locations"),
        label=_("Location"),
    )
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.all(),
        required=False,
        empty_label=_("All suppliers"),
        label=_("Last supplier"),
    )

    def wish(self) -> Wish:
        """Return what to list; an invalid filter filters nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Wish(
            is_per_location=data.get("per") == "location",
            level=data.get("level", ""),
            category=data.get("category"),
            location=data.get("location"),
            supplier=data.get("supplier"),
        )


class ReorderPointForm(forms.Form):
    """A product's minimum at one location."""

    location = LocationField(label=_("Location"))
    quantity = QuantityField(
        label=_("Minimum"), min_value=0, help_text=_("0 takes it away: nothing is asked there.")
    )

    def __init__(self, data: QueryDict | None, *, point: ReorderPoint | None = None) -> None:
        """Ask about one location that has a minimum, or about any."""
        initial: dict[str, Any] = {}
        if point:
            initial = {"location": point.location.code, "quantity": point.quantity}
        super().__init__(data, initial=initial)
        if point:
            self.fields["location"].widget = forms.HiddenInput()
