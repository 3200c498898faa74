"""What people choose about a report of movements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory_site.access.models import Person
from inventory_site.products.models import Category, Location, Product
from inventory_site.reports.movements import LABELS, By, Wish
from inventory_site.selects import QuickSelect
from inventory_site.stock.kinds import RULES, Kind

DAYS = 30
"""How far back a report begins where nobody says."""
MOST_DAYS = 3660


class ProductField(forms.CharField):
    """A product by its SKU, typed or scanned."""

    def clean(self, value: Any) -> Product | None:
        """Return the product with this SKU."""
        sku = super().clean(value)
        if not sku:
            return None
        found = Product.objects.filter(sku__iexact=sku).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no product “%(sku)s”."), "unknown", {"sku": sku[:64]}
            )
        return found


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class MovementsForm(forms.Form):
    """A period, how its movements are put together, and which of them."""

    first = _day(_("From"))
    last = _day(_("Until"))
    by = forms.ChoiceField(
        choices=[(by.value, LABELS[by]) for by in By],
        label=_("Put together by"),
        required=False,
        widget=QuickSelect,
    )
    product = ProductField(label=_("SKU"), max_length=64, required=False)
    category: forms.Field = forms.ModelChoiceField(
        Category.objects.all(),
        label=_("Category"),
        required=False,
        empty_label=_("All categories"),
        widget=QuickSelect,
    )
    location: forms.Field = forms.ModelChoiceField(
        Location.objects.all(),
        label=_("Location"),
        required=False,
        empty_label=_("All locations"),
        widget=QuickSelect,
    )
    person = forms.ModelChoiceField(
        Person.objects.order_by("name", "email"),
        label=_("Person"),
        required=False,
        empty_label=_("Everybody"),
        widget=QuickSelect,
    )
    kind = forms.ChoiceField(
        choices=[("", _("All kinds")), *((kind.value, RULES[kind].label) for kind in Kind)],
        label=_("Kind"),
        required=False,
        widget=QuickSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or that nobody could read."""
        data = super().clean() or {}
        first, last = self._period()
        if first > last:
            self.add_error("last", _("The period ends before it begins."))
        elif (last - first).days > MOST_DAYS:
            self.add_error("last", _("Choose at most ten years."))
        return data

    def _period(self) -> tuple[date, date]:
        data, today = self.cleaned_data, timezone.localdate()
        last: date = data.get("last") or today
        first = data.get("first") or last - timedelta(days=min(DAYS, last.toordinal() - 1))
        return first, last

    def wish(self) -> Wish:
        """Return what is asked for (after `is_valid`)."""
        data = self.cleaned_data
        first, last = self._period()
        nodes: dict[By, list[str]] = {}
        if category := data["category"]:
            within = Category.objects.descendants(category, include_self=True)
            nodes[By.CATEGORY] = [str(node.pk) for node in within]
        if location := data["location"]:
            within = Location.objects.descendants(location, include_self=True)
            nodes[By.LOCATION] = [str(node.pk) for node in within]
        if person := data["person"]:
            nodes[By.PERSON] = [str(person.pk)]
        return Wish(
            first=first,
            last=last,
            by=By(data["by"] or By.DAY),
            product=data["product"] and data["product"].pk,
            kind=Kind(data["kind"]) if data["kind"] else None,
            nodes=nodes,
        )
