"""What people type about units held for somebody, turned into types."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory_site.products.models import Product
from inventory_site.stock.forms import LocationField, QuantityField
from inventory_site.stock.kinds import MAX_RECIPIENT, MAX_REFERENCE
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reservation, StockLevel
from inventory_site.stock.refusals import InsufficientStock, Refusal, ReservationExceeded
from inventory_site.stock.reservations import handover, not_passed

USUAL_DAYS = 7
"""How long units are held unless somebody says otherwise."""


class ProductField(forms.CharField):
    """A product by its SKU, typed or scanned; case does not matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave a code as it is typed."""
        return {**super().widget_attrs(widget), "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Product | None:
        """Return the product with this SKU."""
        sku = super().clean(value)
        if not sku:
            return None
        found = Product.objects.filter(sku__iexact=sku).first()
        if found is None:
            raise ValidationError(_("There is no product “%(sku)s”."), "unknown", {"sku": sku})
        return found


class LastDayField(forms.DateField):
    """A day that has not passed, as the site's clock has it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [not_passed]


class ReservationForm(forms.Form):
    """Units of a product at a place, to be held for somebody up to and including a day."""

    product = ProductField(label=_("SKU"))
    location = LocationField(label=_("Location"))
    quantity = QuantityField(label=_("Quantity"), min_value=1)
    until = LastDayField(label=_("Until"), help_text=_("The last day they are held."))
    recipient = forms.CharField(
        label=_("For whom"),
        max_length=MAX_RECIPIENT,
        help_text=_("A person, a department or a project."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=MAX_REFERENCE,
        required=False,
        help_text=_("A ticket or an order."),
    )

    def __init__(self, data: QueryDict | None, *, level: StockLevel | None = None) -> None:
        """Ask about the stock at one place, or without a `level` about any."""
        initial = {"quantity": 1, "until": timezone.localdate() + timedelta(days=USUAL_DAYS)}
        if level:
            initial |= {"product": level.product.sku, "location": level.location.code}
        super().__init__(data, initial=initial)
        if level:
            for name in ("product", "location"):
                self.fields[name].widget = forms.HiddenInput()

    def wish(self) -> dict[str, Any]:
        """Return what was typed as `reserve` takes it (after `is_valid`)."""
        data = self.cleaned_data
        wish = {name: data[name] for name in ("quantity", "recipient", "reference", "until")}
        return wish | {"product_id": data["product"].pk, "location_id": data["location"].pk}

    def refuse(self, refusal: Refusal) -> None:
        """Put the ledger's sentence at the field it is about."""
        field = "quantity" if isinstance(refusal, InsufficientStock) else None
        self.add_error(field, refusal.sentence)


class HandoverForm(forms.Form):
    """How many of the units that are held go out now."""

    quantity = QuantityField(label=_("Quantity"), min_value=1)
    reference = forms.CharField(label=_("Reference"), max_length=MAX_REFERENCE, required=False)

    def __init__(self, data: QueryDict | None, *, reservation: Reservation) -> None:
        """Offer all that is held, with the reservation's own reference."""
        initial = {"quantity": reservation.left_over, "reference": reservation.reference}
        super().__init__(data, initial=initial)

    def movement(self, held: Reservation) -> Movement:
        """Return what was typed as the ledger takes it (after `is_valid`)."""
        return handover(held, **self.cleaned_data)

    def refuse(self, refusal: Refusal) -> None:
        """Put the ledger's sentence at the field it is about."""
        field = "quantity" if isinstance(refusal, ReservationExceeded) else None
        self.add_error(field, refusal.sentence)


class ReservationFilterForm(forms.Form):
    """Which reservations to show; every field may be empty."""

    state = forms.ChoiceField(
        choices=[("", _("Still held")), ("ending", _("Ending soon")), ("closed", _("Closed"))],
        required=False,
        label=_("State"),
    )
    product = ProductField(label=_("SKU"), required=False)
