"""Money as people type and read it; `Decimal` from end to end, in the currency of the settings."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
PLACES = 4
"""As many as the ledger keeps of the cost of one unit."""
MAX_COST = Decimal(100_000_000)
"""The highest cost of one unit: what a million of them are worth still fits the book."""


def shown(amount: Decimal, places: int = 2) -> str:
    """Return an amount as the reader's language writes it, with the currency behind.

    Rounded to `places`; of those behind the cents, only what is not zero is shown.
    """
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = max(2, -int(rounded.normalize().as_tuple().exponent))
    number = number_format(rounded.quantize(Decimal(1).scaleb(-digits)), digits)
    return f"{number}\N{NO-BREAK SPACE}{settings.CURRENCY}"


class MoneyField(forms.CharField):
    """An amount of money, written as the reader's language writes numbers.

    Whether “1.500” is one and a half or fifteen hundred is for the language to say, not for us to
    guess: what does not fit is refused with an example of what does.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Bring up digits and a separator on a phone."""
        attrs = super().widget_attrs(widget)
        return {**attrs, "inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        """Return the amount, with at most four decimal places."""
        text = super().clean(value)
        if not text:
            return None
        point, group = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
        whole = rf"[0-9]+|[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+"
        if not re.fullmatch(rf"(?:{whole})(?:{re.escape(point)}[0-9]{{1,{PLACES}}})?", text):
            example = number_format(Decimal("1234.50"), 2, force_grouping=True)
            raise ValidationError(
                _("Enter an amount such as %(example)s."), "invalid", {"example": example}
            )
        amount = Decimal(text.replace(group, "").replace(point, "."))
        if amount > MAX_COST:
            most = number_format(MAX_COST, 0, force_grouping=True)
            raise ValidationError(_("Enter at most %(most)s."), "range", {"most": most})
        return amount
