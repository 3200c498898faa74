"""What people type about stock counts, turned into types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.counts.counting import Counted
from inventory_site.counts.models import Count, Line
from inventory_site.counts.results import Voice, voices_of
from inventory_site.products.models import Category, Product
from inventory_site.stock.forms import LocationField, QuantityField
from inventory_site.stock.kinds import MAX_QUANTITY

MAX_PRODUCTS = 500
"""The most products that a count chooses one by one."""
MOST_SEEN = 10**12
"""More units than any book could show."""


def products_of(skus: Iterable[str]) -> list[Product]:
    """Return the products with these SKUs, in any case; raise `ValidationError` for others."""
    wanted = {sku.upper() for sku in skus}
    if len(wanted) > MAX_PRODUCTS:
        most = _("Choose at most %(most)s products; a category holds any number.")
        raise ValidationError(most, "many", {"most": MAX_PRODUCTS})
    capitals = Product.objects.annotate(capitals=Upper("sku")).filter(capitals__in=wanted)
    found = {product.sku.upper(): product for product in capitals}
    if missing := sorted(wanted - found.keys()):
        raise ValidationError(
            _("There is no product “%(sku)s”."), "unknown", {"sku": missing[0][:64]}
        )
    return list(found.values())


class ProductsField(forms.CharField):
    """Products by their SKUs, one after another."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def clean(self, value: Any) -> list[Product]:
        """Return the products with these SKUs."""
        return products_of(sku for sku in re.split(r"[\s,;]+", super().clean(value)) if sku)


class NewCountForm(forms.Form):
    """What to count, and how; everything that is not narrowed down is counted."""

    name = forms.CharField(label=_("Name"), max_length=64)
    is_blind = forms.TypedChoiceField(
        label=_("What people see while they count"),
        choices=[("yes", _("Nothing (blind)")), ("no", _("The book's figures"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    location = LocationField(
        label=_("Location"), required=False, help_text=_("With everything below it.")
    )
    category = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Category.objects.with_tree_fields(),
        required=False,
        empty_label=_("All categories"),
        label=_("Category"),
    )
    products = ProductsField(
        label=_("Only these products"),
        required=False,
        max_length=40_000,
        help_text=_("SKUs, separated by spaces, commas or new lines."),
    )
    with_empty = forms.BooleanField(
        label=_("Also where the book says that none is left"), required=False
    )

    def __init__(self, data: QueryDict | None = None, *, skus: Sequence[str] = ()) -> None:
        """Suggest a name that says when, and the products that a link leads here with."""
        today = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
        name = _("Count of %(day)s") % {"day": today}
        super().__init__(data, initial={"name": name, "products": "\n".join(skus)})


class CountFilterForm(forms.Form):
    """Which lines of a count to show, and from which number on; every field may be empty."""

    show = forms.ChoiceField(
        choices=[
            ("", _("All lines")),
            ("left", _("Not counted yet")),
            ("doubt", _("To look at again")),
        ],
        required=False,
        label=_("Lines"),
    )
    start = QuantityField(min_value=1, required=False, label=_("From line"))


@dataclass(slots=True)
class Typed:
    """What stands in the field of one line, and what is wrong with it."""

    line: Line
    text: str = ""
    problem: str = ""
    voices: Sequence[Voice] = ()


class EntriesForm:
    """The fields of a page of lines, one each: a number sets, “+3” and “-1” add.

    An empty field says nothing of its line, unless its button says that it still is so many. In an
    open count each field comes with what the person saw of the book; in a blind one nobody saw any.
    """

    def __init__(self, count: Count, lines: Iterable[Line], data: QueryDict | None = None) -> None:
        lines = list(lines)
        said = voices_of(lines)
        self.rows = [Typed(line, voices=said.get(line.pk, ())) for line in lines]
        self.counted: list[Counted] = []
        for row in self.rows if data is not None else ():
            try:
                self._read(row, data or QueryDict(), shows_book=not count.is_blind)
            except ValidationError as error:
                row.problem = str(error.messages[0])

    @property
    def is_valid(self) -> bool:
        """Whether every field can be read."""
        return not any(row.problem for row in self.rows)

    def _read(self, row: Typed, data: QueryDict, *, shows_book: bool) -> None:
        row.text = Truncator(data.get(f"line-{row.line.pk}", "").strip()).chars(40)
        line, _colon, still = data.get("confirm", "").partition(":")
        text = row.text or (still if line == str(row.line.pk) else "")
        is_more = text[:1] in {"+", "-"}
        quantity = _number(text, low=-MAX_QUANTITY if is_more else 0)
        seen = _number(data.get(f"seen-{row.line.pk}", ""), high=MOST_SEEN) if shows_book else None
        if quantity is not None:
            told = Counted(line_id=row.line.pk, quantity=quantity, is_more=is_more, seen=seen)
            self.counted.append(told)


def _number(text: str, *, low: int = 0, high: int = MAX_QUANTITY) -> int | None:
    field = QuantityField(min_value=low, max_value=high, required=False)
    number: int | None = field.clean(text)
    return number
