"""What people type about products, turned into types."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.products.catalogue import check_opening
from inventory_site.products.categories import Branch, tree
from inventory_site.products.models import Category, Manufacturer, Product
from inventory_site.stock.forms import LocationField, QuantityField

LEVELS = (("", _("All levels")), ("low", _("Low stock")), ("out", _("Out of stock")))


class StockFilterForm(forms.Form):
    """What the stock list is narrowed down to; every field may be empty.

    A category is cleaned into the ids of its branch.
    """

    q = forms.CharField(
        max_length=100,
        required=False,
        help_text="Words that all occur in SKU, name, part number or manufacturer, in any case.",
    )
    category = forms.CharField(
        required=False, help_text="The id of a category: its products, and those of all below it."
    )
    level = forms.ChoiceField(
        choices=LEVELS,
        required=False,
        help_text="Products that are low or out, at all their locations together.",
    )

    @cached_property
    def categories(self) -> dict[int, Branch]:
        """Read the tree that there is to choose from."""
        return tree()

    def clean_category(self) -> list[int]:
        """Return the ids of the category and of all below it."""
        typed: str = self.cleaned_data["category"]
        if not typed:
            return []
        branch = self.categories.get(int(typed)) if re.fullmatch("[0-9]{1,18}", typed) else None
        if branch is None:
            raise ValidationError(forms.ModelChoiceField.default_error_messages["invalid_choice"])
        return branch.ids

    @property
    def category_options(self) -> SafeString:
        """The choices of the category, as HTML."""
        branches = self.categories.items()
        names = tuple((str(pk), "--- " * depth + name) for pk, (name, depth, _ids) in branches)
        return _options((("", str(_("All categories"))), *names), self.data.get("category", ""))

    @property
    def level_options(self) -> SafeString:
        """The choices of the level, as HTML."""
        names = tuple((value, str(name)) for value, name in LEVELS)
        return _options(names, self.data.get("level", ""))


@lru_cache(maxsize=32)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    selected = {chosen: mark_safe(" selected")}
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, selected.get(value, ""), name) for value, name in choices),
    )


if TYPE_CHECKING:  # Django's own class takes no type argument while running
    ModelForm = forms.ModelForm[Product]
else:
    ModelForm = forms.ModelForm


class ProductForm(ModelForm):
    """A product's own facts; its stock is the ledger's business."""

    reorder_point = QuantityField(
        label=_("Minimum"),
        min_value=0,
        initial=0,
        help_text=_("At or below this quantity the product is low."),
    )
    category = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Category.objects.with_tree_fields(),
        required=False,
        empty_label="—",
        label=_("Category"),
    )

    manufacturer = forms.ModelChoiceField(
        queryset=Manufacturer.objects.all(),
        required=False,
        empty_label="—",
        label=_("Manufacturer"),
    )

    class Meta:
        model = Product
        fields = [
            "name",
            "sku",
            "part_number",
            "manufacturer",
            "category",
            "reorder_point",
            "description",
        ]
        help_texts = {"sku": _("Letters, digits, “.”, “-” and “_”. Scan it if it is on the box.")}
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


class NewProductForm(ProductForm):
    """A new product, and how many of it are where when its book is opened."""

    location = LocationField(label=_("Location"), required=False)
    quantity = QuantityField(label=_("Opening quantity"), min_value=0, initial=0)

    def clean_sku(self) -> str:
        """Refuse a SKU that another product has, whatever its case."""
        sku: str = self.cleaned_data["sku"]
        taken = Product.objects.filter(sku__iexact=sku).exclude(pk=self.instance.pk).first()
        if taken:
            raise ValidationError(
                _("“%(name)s” has this SKU already."), "taken", {"name": taken.name}
            )
        return sku

    def clean(self) -> dict[str, Any]:
        """Ask where the opening stock is."""
        data = super().clean() or {}
        if "location" not in self.errors:
            check_opening(data.get("location"), data.get("quantity"))
        return data


class EditProductForm(ProductForm):
    """A product's facts, later: the SKU is its identity and stays."""

    class Meta(ProductForm.Meta):
        fields = [
            "name",
            "part_number",
            "manufacturer",
            "category",
            "reorder_point",
            "description",
            "is_active",
        ]
