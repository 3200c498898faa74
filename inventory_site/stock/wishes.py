"""One movement as somebody asks for it, in types: what goes together, and what the ledger takes.

Forms and the API turn what was sent into the same words, and then ask here. The words are those of
`MovementForm`: `kind`, `quantity`, `location`, `destination`, `reason`, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.products.models import Product
from inventory_site.stock.kinds import MAX_QUANTITY, RULES, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reason

type Faults = dict[str, str | Promise]
"""Sentences by the word that is at fault."""
type Offers = Callable[[str, Kind], bool]

NOT_LISTED = gettext_lazy("Choose a reason from the list.")


def between(low: int, high: int) -> str:
    """Return the sentence for a number of units that is out of range."""
    numbers = {"low": low, "high": number_format(high, force_grouping=True)}
    return _("Enter a whole number from %(low)s to %(high)s.") % numbers


def not_to_come(day: date) -> None:
    """Raise `ValidationError` for a day after today, as the site's clock has it."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."), "future")


def offered() -> Offers:
    """Return what tells whether the managers' list has a reason for a kind, asked in one query."""
    found = set(Reason.objects.filter(is_active=True).values_list("text", "kind"))
    return lambda text, kind: (text, "") in found or (text, kind.value) in found


def takes(kind: Kind, field: str) -> bool:
    """Tell whether a word belongs to movements of a kind: `RULES`, and two words more.

    A note is the free text of kinds that need no reason; a destination is where a transfer goes.
    Words that are not about kinds belong to all.
    """
    rule = RULES[kind]
    told = {
        "reason": rule.needs_reason,
        "note": not rule.needs_reason,
        "destination": kind is Kind.TRANSFER,
    }
    special = frozenset().union(*(each.fields for each in RULES.values()))
    return told.get(field, field in rule.fields or field not in special)


def faults_of(asked: Mapping[str, Any], *, offers: Offers | None = None) -> Faults:
    """Return what does not belong to the kind that is asked for, and what it needs and lacks."""
    kind = Kind(asked["kind"])
    faults: Faults = {}
    for name, value in asked.items():
        if value not in (None, "") and not takes(kind, name):
            sentence = _("“%(kind)s” does not take this. Leave it empty, or choose another action.")
            faults[name] = sentence % {"kind": RULES[kind].verb}
    if RULES[kind].needs_reason and not (offers or offered())(asked.get("reason") or "", kind):
        faults["reason"] = NOT_LISTED
    if kind is Kind.ADJUSTMENT:
        faults |= _faults_of_correction(asked.get("quantity"), asked.get("seen"))
    elif asked.get("quantity") == 0:
        faults["quantity"] = between(1, MAX_QUANTITY)
    if kind is Kind.TRANSFER and not asked.get("destination"):
        faults["destination"] = _("Say where it goes.")
    elif kind is Kind.TRANSFER and asked["destination"] == asked.get("location"):
        faults["destination"] = _("It is there already. Choose another location.")
    return faults


def _faults_of_correction(quantity: int | None, seen: int | None) -> Faults:
    if seen is None:
        return {"kind": _("Look at the quantity on hand before you correct it.")}
    if quantity == seen:
        return {"quantity": _("The book says so already: nothing to correct.")}
    return {}


def movement_of(asked: Mapping[str, Any], product: Product) -> Movement:
    """Return what is asked for, and has no faults, as the ledger takes it.

    `quantity` is what comes or goes, or, of an adjustment, what there really is. Of a transfer, the
    movement is that of the units that leave; `destination` is where they go.
    """
    kind, quantity, seen = Kind(asked["kind"]), asked["quantity"], None
    if kind is Kind.ADJUSTMENT:
        quantity, seen = quantity - asked["seen"], asked["seen"]
    elif kind is not Kind.TRANSFER:
        quantity *= RULES[kind].sign
    held, supplier = asked.get("reservation"), asked.get("supplier")
    return Movement(
        product_id=product.pk,
        location_id=asked["location"].pk,
        kind=kind,
        quantity=quantity,
        reason=asked.get("reason") or asked.get("note", ""),
        reference=asked.get("reference", ""),
        seen=seen,
        occurred_on=asked.get("occurred_on"),
        supplier_id=supplier and supplier.pk,
        unit_cost=asked.get("unit_cost"),
        recipient=asked.get("recipient") or (held.recipient if held else ""),
        reservation_id=held and held.pk,
    )
