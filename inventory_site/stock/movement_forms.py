"""One movement as people type it: from a button, or in the dialog with all that its kind takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inventory_site.products.models import Product, Supplier
from inventory_site.stock.forms import LocationField, PastDayField, QuantityField, ReasonField
from inventory_site.stock.kinds import MAX_REASON, MAX_RECIPIENT, MAX_REFERENCE, RULES, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reservation, StockLevel
from inventory_site.stock.money import MoneyField
from inventory_site.stock.refusals import InsufficientStock, Refusal, StockChanged
from inventory_site.stock.wishes import faults_of, movement_of, takes

ASKED = (
    Kind.RECEIPT,
    Kind.ISSUE,
    Kind.TRANSFER,
    Kind.RETURN,
    Kind.ADJUSTMENT,
    Kind.WRITE_OFF,
)
"""The kinds that people record by hand; a count and a reversal come from pages of their own."""

ARRIVING = (Kind.RECEIPT, Kind.RETURN)
"""Those that make sense where nothing is yet: nothing can go or be corrected there."""

MOST_SEEN = 10**12
"""More units than can ever be on hand."""

PRESSED = (Kind.RECEIPT, Kind.ISSUE)
"""Those that a button in the list records."""

CHOOSE = _("Choose what to do.")


def add_faults(form: forms.Form) -> None:
    """Say at its field what does not belong to the kind that is asked for, or what it lacks."""
    for name, sentence in faults_of(form.cleaned_data).items():
        if name not in form.errors:
            form.add_error(name, str(sentence))


def mark_kinds(form: forms.Form, kinds: Sequence[Kind]) -> None:
    """Note at each field which of these kinds it is for, where not for all: the page hides it.

    And whether it is needed wherever it is shown: then the page does not call it optional.
    """
    for name, field in cast("dict[str, Any]", form.fields).items():
        belongs = [kind.value for kind in kinds if takes(kind, name)]
        field.kinds = " ".join(belongs) if len(belongs) < len(kinds) else ""
        field.needed = field.required or name in ("reason", "destination")


class Press:
    """A button's movement: some units in or out. Product and place stay codes.

    No form, for nothing of it is ever shown: only fields, made once, that turn strings into types.
    """

    fields: ClassVar[dict[str, forms.Field]] = {
        "kind": forms.ChoiceField(
            choices=[(kind.value, RULES[kind].verb) for kind in PRESSED],
            error_messages={"invalid_choice": CHOOSE},
        ),
        "quantity": QuantityField(min_value=1),
        "location": forms.CharField(max_length=64),
        "reason": forms.CharField(max_length=MAX_REASON, required=False),
        "reference": forms.CharField(max_length=MAX_REFERENCE, required=False),
    }

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read what was sent; `error` is the first sentence against it, or empty."""
        self.data: dict[str, Any] = {}
        self.error = ""
        try:
            for name, field in self.fields.items():
                self.data[name] = field.clean(data.get(name))
        except ValidationError as error:
            self.error = error.messages[0]

    def movement(self, sku: str) -> Movement:
        """Return what was pressed as the ledger takes it (without an `error`)."""
        kind = Kind(self.data["kind"])
        return Movement(
            sku=sku,
            place=self.data["location"],
            kind=kind,
            quantity=self.data["quantity"] * RULES[kind].sign,
            reason=self.data["reason"],
            reference=self.data["reference"],
        )

    def unknown_place(self) -> str:
        """Return the sentence for a location that the ledger does not know."""
        return _("There is no location “%(code)s”.") % {"code": self.data["location"]}


if TYPE_CHECKING:  # Django's own class takes no type argument while running
    Choice = forms.ModelChoiceField[Reservation]
else:
    Choice = forms.ModelChoiceField


class ReservationChoice(Choice):
    """One of the reservations that are open at a place."""

    def label_from_instance(self, obj: Reservation) -> str:
        """Say for whom how many units are held."""
        return f"{obj.left_over} · {obj.recipient}"


class MovementForm(forms.Form):
    """One movement: `quantity` is what comes, what goes, or (correcting) what is there.

    All fields stand in one form; `takes` says which belong to which kind.
    """

    kind = forms.ChoiceField(
        label=_("Action"), widget=forms.RadioSelect, error_messages={"invalid_choice": CHOOSE}
    )
    quantity = QuantityField(label=_("Quantity"), min_value=0)
    location = LocationField(label=_("Location"))
    destination = LocationField(label=_("To location"), required=False)
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.all(), label=_("Supplier"), required=False, empty_label="—"
    )
    unit_cost = MoneyField(label=_("Unit cost"), required=False)
    recipient = forms.CharField(
        label=_("Person or department"), max_length=MAX_RECIPIENT, required=False
    )
    reservation = ReservationChoice(
        queryset=Reservation.objects.none(),
        label=_("Out of a reservation"),
        required=False,
        empty_label="—",
        error_messages={"invalid_choice": _("This reservation is no longer open here.")},
    )
    reason = ReasonField(required=False)
    note = forms.CharField(label=_("Note"), max_length=MAX_REASON, required=False)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=MAX_REFERENCE,
        required=False,
        help_text=_("A ticket, an order, a delivery note."),
    )
    occurred_on = PastDayField(
        label=_("Happened on"), required=False, help_text=_("Only if it was not today.")
    )
    seen = QuantityField(min_value=0, max_value=MOST_SEEN, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        level: StockLevel | None = None,
        kinds: Sequence[Kind] = ASKED,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """Ask about one place, or without a `level` about any, for movements of some kinds."""
        first: dict[str, Any] = {"kind": kinds[0].value, "quantity": 1}
        if level:
            first |= {"location": level.location.code, "seen": level.on_hand}
        super().__init__(data, initial=first | dict(initial or {}))
        choices = [(kind.value, RULES[kind].verb) for kind in kinds]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices
        quantity = cast("QuantityField", self.fields["quantity"])
        if level:
            self.fields["location"].widget = forms.HiddenInput()
            quantity.help_text = _("To correct: how many there really are.")
            cast("Any", quantity).help_kinds = Kind.ADJUSTMENT.value
        self._offer_reservations(level)
        mark_kinds(self, kinds)
        for name in [name for name in self.fields if not any(takes(kind, name) for kind in kinds)]:
            del self.fields[name]

    def _offer_reservations(self, level: StockLevel | None) -> None:
        """Offer what is held at this place; ask nothing where nothing is and nobody asked."""
        field = cast("ReservationChoice", self.fields["reservation"])
        if level:
            open_ones = Reservation.objects.filter(level=level, closed_at=None)
            field.queryset = open_ones.order_by("until", "id")
        if not (level and level.reserved) and not self.data.get("reservation"):
            del self.fields["reservation"]

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind needs, and for nothing else."""
        data = super().clean() or {}
        if not data.get("kind"):
            return data
        add_faults(self)
        return data

    def movement(self, product: Product) -> Movement:
        """Return what was typed as the ledger takes it (after `is_valid`).

        Of a transfer, the units that leave: `cleaned_data["destination"]` is where they go.
        """
        return movement_of(self.cleaned_data, product)

    def refuse(self, refusal: Refusal) -> None:
        """Put the ledger's sentence at the field it is about; show what is on hand by now."""
        about_quantity = isinstance(refusal, InsufficientStock | StockChanged)
        self.add_error("quantity" if about_quantity else None, refusal.sentence)
        if isinstance(refusal, StockChanged):
            data = cast("QueryDict", self.data).copy()
            data["seen"] = str(refusal.detail)
            self.data = data
