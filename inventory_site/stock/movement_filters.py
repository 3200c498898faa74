"""What programs narrow the ledger down by; fields are named as the serializer names them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory_site.api.fields import BIGGEST_ID
from inventory_site.products.models import Location
from inventory_site.stock.forms import LocationField
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.reservation_forms import ProductField

BY_ID = ("actor", "batch", "reservation", "approval")


def _id(sentence: str) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=BIGGEST_ID, required=False, help_text=sentence)


class HistoryFilterForm(forms.Form):
    """Which lines of a product's history."""

    location = LocationField(
        required=False, help_text="The code of a location: what moved there, or in all within it."
    )
    kind = forms.ChoiceField(
        choices=[("", ""), *((kind.value, RULES[kind].label) for kind in Kind)],
        required=False,
        help_text="What the lines are.",
    )
    actor = forms.UUIDField(required=False, help_text="The id of who did it.")
    batch = _id("The id of a batch.")
    reservation = _id("The id of a reservation that units were issued out of.")
    approval = _id("The id of the approval that was needed.")
    first = forms.DateField(required=False, help_text="From the beginning of this day.")
    last = forms.DateField(required=False, help_text="To the end of this day.")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The period ends before it begins."))
        return data


class TransactionFilterForm(HistoryFilterForm):
    """Which lines of the ledger."""

    product = ProductField(required=False, help_text="A SKU.")


def narrowed(
    lines: QuerySet[StockTransaction], wanted: dict[str, Any]
) -> QuerySet[StockTransaction]:
    """Keep the lines that a filter form leaves."""
    if product := wanted.get("product"):
        lines = lines.filter(product=product)
    if location := wanted["location"]:
        branch = Location.objects.descendants(location, include_self=True)
        lines = lines.filter(level__location__in=list(branch.values_list("pk", flat=True)))
    if kind := wanted["kind"]:
        lines = lines.filter(kind=kind)
    lines = lines.filter(**{f"{name}_id": wanted[name] for name in BY_ID if wanted[name]})
    if first := wanted["first"]:
        lines = lines.filter(created_at__gte=_midnight(first))
    if (last := wanted["last"]) and last < date.max:
        lines = lines.filter(created_at__lt=_midnight(last + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    """Return the beginning of a day where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))
