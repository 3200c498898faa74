"""What people type about stock, turned into types; the rules themselves are the ledger's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import MAX_QUANTITY, RULES, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockLevel
from inventory_site.stock.refusals import InsufficientStock, Refusal, StockChanged

ASKED = (Kind.RECEIPT, Kind.ISSUE, Kind.ADJUSTMENT)
"""The kinds that people record by hand; a reversal comes from a button of its own."""


class QuantityField(forms.IntegerField):
    """A whole number of units, in digits alone.

    Django's own field reads “1.000” as 1; a Brazilian means a thousand. Neither is guessed here.
    """

    widget = forms.TextInput

    def __init__(self, *, min_value: int, max_value: int = MAX_QUANTITY, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        self.low, self.high = min_value, max_value
        self.validators = []  # the range is checked with its own sentence

    @property
    def range_error(self) -> ValidationError:
        """What to say to a number out of range."""
        between = _("Enter a whole number from %(low)s to %(high)s.")
        numbers = {"low": self.low, "high": number_format(self.high, force_grouping=True)}
        return ValidationError(between, "range", numbers)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Bring up digits on a phone, without a number field's scroll-wheel accidents."""
        return {"inputmode": "numeric", "autocomplete": "off", "maxlength": 9}

    def to_python(self, value: Any) -> int | None:
        """Turn digits into a number in range."""
        text = str(value if value is not None else "").strip()
        if text in self.empty_values:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,30}", text):
            raise ValidationError(_("Enter a whole number, in digits only."), "invalid")
        number = int(text)
        if not self.low <= number <= self.high:
            raise self.range_error
        return number

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show what was typed again, but never a megabyte of it."""
        return data[:40] if isinstance(data, str) else data


class LocationField(forms.CharField):
    """A location by its code, typed or scanned; case does not matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Offer the known codes while typing."""
        return {
            **super().widget_attrs(widget),
            "list": "locations",
            "autocomplete": "off",
            "spellcheck": "false",
        }

    def clean(self, value: Any) -> Location | None:
        """Return the location with this code."""
        code = super().clean(value)
        if not code:
            return None
        found = Location.objects.filter(code__iexact=code).first()
        if found is None:
            raise ValidationError(
                _("There is no location “%(code)s”."), "unknown", {"code": code[:64]}
            )
        return found


class MovementForm(forms.Form):
    """One movement: `quantity` is what comes, what goes, or (correcting) what is there."""

    kind = forms.ChoiceField(
        label=_("Action"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what to do: receive, issue or correct.")},
    )
    quantity = QuantityField(label=_("Quantity"), min_value=0)
    location = LocationField(label=_("Location"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("A correction needs one."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        required=False,
        help_text=_("A ticket, an order, a delivery note."),
    )
    seen = QuantityField(min_value=0, max_value=10**12, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        level: StockLevel | None = None,
        kinds: Sequence[Kind] = ASKED,
    ) -> None:
        """Ask about one place, or without a `level` about any, for movements of some kinds."""
        initial = {"kind": kinds[0].value, "quantity": 1}
        if level:
            initial |= {"location": level.location.code, "seen": level.on_hand}
        super().__init__(data, initial=initial)
        choices = [(kind.value, RULES[kind].verb) for kind in kinds]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices
        if data and data.get("kind") != Kind.ADJUSTMENT:
            cast("QuantityField", self.fields["quantity"]).low = 1
        if level:
            self.fields["location"].widget = forms.HiddenInput()
            self.fields["quantity"].help_text = _("To correct: how many there really are.")

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind needs."""
        data = super().clean() or {}
        kind, quantity = data.get("kind"), data.get("quantity")
        if kind and RULES[Kind(kind)].needs_reason and data.get("reason") == "":
            self.add_error("reason", _("Say why the quantity is corrected."))
        if kind == Kind.ADJUSTMENT and data.get("seen") is None:
            self.add_error("kind", _("Look at the quantity on hand before you correct it."))
        elif kind == Kind.ADJUSTMENT and quantity is not None and quantity == data["seen"]:
            self.add_error("quantity", _("The book says so already: nothing to correct."))
        return data

    def movement(self, product: Product) -> Movement:
        """Return what was typed as the ledger takes it (after `is_valid`)."""
        data = self.cleaned_data
        kind, quantity, seen = Kind(data["kind"]), data["quantity"], None
        if kind == Kind.ADJUSTMENT:
            quantity, seen = quantity - data["seen"], data["seen"]
        else:
            quantity *= RULES[kind].sign
        return Movement(
            product_id=product.pk,
            location_id=data["location"].pk,
            kind=kind,
            quantity=quantity,
            reason=data["reason"],
            reference=data["reference"],
            seen=seen,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Put the ledger's sentence at the field it is about; show what is on hand by now."""
        about_quantity = isinstance(refusal, InsufficientStock | StockChanged)
        self.add_error("quantity" if about_quantity else None, refusal.sentence)
        if isinstance(refusal, StockChanged):
            data = cast("QueryDict", self.data).copy()
            data["seen"] = str(refusal.detail)
            self.data = data

    def first_error(self) -> str:
        """Return one sentence, for answers that have no place at a field."""
        return next(str(errors[0]) for errors in self.errors.values())
