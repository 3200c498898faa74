"""Fields for what people type about stock, turned into types; the rules are the ledger's."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inventory_site.products.models import Location
from inventory_site.stock.kinds import MAX_QUANTITY, RULES, Kind
from inventory_site.stock.models import Reason
from inventory_site.stock.wishes import NOT_LISTED, between, not_to_come


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
        return ValidationError(between(self.low, self.high), "range")

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


class ReasonField(forms.ChoiceField):
    """A reason out of the managers' list, and no other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=_reasons,
            error_messages={"invalid_choice": NOT_LISTED},
            label=_("Reason"),
            **kwargs,
        )


def _reasons() -> list[tuple[str, Any]]:
    """Return what to choose from: reasons for every kind, then those for one, under its name."""
    by_kind: dict[str, list[tuple[str, str]]] = {"": [("", "—")]}
    for reason in sorted(Reason.objects.filter(is_active=True), key=str):
        by_kind.setdefault(reason.kind, []).append((reason.text, str(reason)))
    choices: list[tuple[str, Any]] = list(by_kind.pop(""))
    choices += [(str(RULES[Kind(kind)].label), texts) for kind, texts in by_kind.items()]
    return choices


class PastDayField(forms.DateField):
    """The day that something happened that is recorded late: today or before, never to come."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [not_to_come]
