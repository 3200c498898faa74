"""What people type about products, turned into types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from inventory_site.products.models import Category, Manufacturer, Product
from inventory_site.stock.forms import LocationField, QuantityField


class StockFilterForm(forms.Form):
    """What the stock list is narrowed down to; every field may be empty."""

    q = forms.CharField(max_length=100, required=False)
    category = TreeNodeChoiceField(  # type: ignore[no-untyped-call]
        queryset=Category.objects.with_tree_fields(),
        required=False,
        empty_label=_("All categories"),
        label=_("Category"),
    )
    level = forms.ChoiceField(
        choices=[("", _("All levels")), ("low", _("Low stock")), ("out", _("Out of stock"))],
        required=False,
        label=_("Level"),
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
        if data.get("quantity") and not data.get("location") and "location" not in self.errors:
            self.add_error("location", _("Say where these units are."))
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
