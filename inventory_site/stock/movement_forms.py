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
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reservation, StockLevel
from inventory_site.stock.money import MoneyField
from inventory_site.stock.refusals import InsufficientStock, Refusal, StockChanged

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

PRESSED = (Kind.RECEIPT, Kind.ISSUE)
"""Those that a button in the list records."""

CHOOSE = _("Choose what to do.")


def takes(kind: Kind, field: str) -> bool:
    """Tell whether a form's field belongs to movements of a kind: `RULES`, and two words more.

    A note is the free text of kinds that need no reason; a destination is where a transfer goes.
    Fields that are not about kinds belong to all.
    """
    rule = RULES[kind]
    told = {
        "reason": rule.needs_reason,
        "note": not rule.needs_reason,
        "destination": kind is Kind.TRANSFER,
    }
    special = frozenset().union(*(each.fields for each in RULES.values()))
    return told.get(field, field in rule.fields or field not in special)


def refuse_strangers(form: forms.Form, kind: Kind) -> None:
    """Refuse what was filled in although it does not belong to this kind, each at its field."""
    for name in form.fields:
        if not takes(kind, name) and form.cleaned_data.get(name) not in (None, ""):
            sentence = _("“%(kind)s” does not take this. Leave it empty, or choose another action.")
            form.add_error(name, sentence % {"kind": RULES[kind].verb})


def ask_for_reason(form: forms.Form, kind: Kind) -> None:
    """Ask for a reason of the list where the kind needs one."""
    if not RULES[kind].needs_reason or "reason" in form.errors:
        return
    reason = form.cleaned_data.get("reason", "")
    if not reason or not ReasonField.offers(reason, kind):
        form.add_error("reason", _("Choose a reason from the list."))


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
        "reason": forms.CharField(max_length=200, required=False),
        "reference": forms.CharField(max_length=64, required=False),
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
    recipient = forms.CharField(label=_("Person or department"), max_length=120, required=False)
    reservation = ReservationChoice(
        queryset=Reservation.objects.none(),
        label=_("Out of a reservation"),
        required=False,
        empty_label="—",
        error_messages={"invalid_choice": _("This reservation is no longer open here.")},
    )
    reason = ReasonField(required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        required=False,
        help_text=_("A ticket, an order, a delivery note."),
    )
    occurred_on = PastDayField(
        label=_("Happened on"), required=False, help_text=_("Only if it was not today.")
    )
    seen = QuantityField(min_value=0, max_value=10**12, required=False, widget=forms.HiddenInput)

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
        if data and data.get("kind") != Kind.ADJUSTMENT:
            quantity.low = 1
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
        kind, quantity = Kind(data["kind"]), data.get("quantity")
        refuse_strangers(self, kind)
        ask_for_reason(self, kind)
        if kind is Kind.ADJUSTMENT and data.get("seen") is None:
            self.add_error("kind", _("Look at the quantity on hand before you correct it."))
        elif kind is Kind.ADJUSTMENT and quantity is not None and quantity == data["seen"]:
            self.add_error("quantity", _("The book says so already: nothing to correct."))
        if kind is Kind.TRANSFER and "destination" not in self.errors:
            if not data.get("destination"):
                self.add_error("destination", _("Say where it goes."))
            elif data["destination"] == data.get("location"):
                self.add_error("destination", _("It is there already. Choose another location."))
        return data

    def movement(self, product: Product) -> Movement:
        """Return what was typed as the ledger takes it (after `is_valid`).

        Of a transfer, the units that leave: `cleaned_data["destination"]` is where they go.
        """
        data = self.cleaned_data
        kind, quantity, seen = Kind(data["kind"]), data["quantity"], None
        if kind is Kind.ADJUSTMENT:
            quantity, seen = quantity - data["seen"], data["seen"]
        elif kind is not Kind.TRANSFER:
            quantity *= RULES[kind].sign
        held, supplier = data.get("reservation"), data.get("supplier")
        return Movement(
            product_id=product.pk,
            location_id=data["location"].pk,
            kind=kind,
            quantity=quantity,
            reason=data.get("reason") or data.get("note", ""),
            reference=data["reference"],
            seen=seen,
            occurred_on=data["occurred_on"],
            supplier_id=supplier and supplier.pk,
            unit_cost=data.get("unit_cost"),
            recipient=data.get("recipient") or (held.recipient if held else ""),
            reservation_id=held and held.pk,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Put the ledger's sentence at the field it is about; show what is on hand by now."""
        about_quantity = isinstance(refusal, InsufficientStock | StockChanged)
        self.add_error("quantity" if about_quantity else None, refusal.sentence)
        if isinstance(refusal, StockChanged):
            data = cast("QueryDict", self.data).copy()
            data["seen"] = str(refusal.detail)
            self.data = data
