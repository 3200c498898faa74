"""A movement as programs ask for it: JSON into the words of `wishes`, which knows the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import ByCode, Quantity, Related, StrictSerializer, UnitCost, Whole
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.kinds import MAX_REASON, MAX_RECIPIENT, MAX_REFERENCE, RULES, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Reservation
from inventory_site.stock.movement_forms import ASKED, MOST_SEEN
from inventory_site.stock.wishes import faults_of, movement_of, not_to_come

MOVEMENT: dict[str, Any] = {
    "kind": "receipt",
    "location": "A1-03",
    "quantity": 10,
    "supplier": 3,
    "unit_cost": "899.00",
    "reference": "PO-2291",
}
TRANSFER: dict[str, Any] = {
    "kind": "transfer",
    "location": "A1-03",
    "destination": "B2-01",
    "quantity": 2,
}
CORRECTION: dict[str, Any] = {
    "kind": "adjustment",
    "location": "A1-03",
    "seen": 14,
    "quantity": 13,
    "reason": "Lost",
}


def examples(**more: Any) -> list[OpenApiExample]:
    """Return examples of what may be asked for, with some words more."""
    return [
        OpenApiExample("A receipt", more | MOVEMENT, request_only=True),
        OpenApiExample("A transfer", more | TRANSFER, request_only=True),
        OpenApiExample("A correction", more | CORRECTION, request_only=True),
    ]


@extend_schema_serializer(examples=examples())
class MovementSerializer(StrictSerializer):
    """One movement of the product in the address, of any kind that people record by hand."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ASKED])
    location = ByCode(
        slug_field="code", queryset=Location.objects.all(), help_text="The code of the place."
    )
    quantity = Quantity(
        min_value=0,
        help_text=(
            "Units that come or go; the kind says which, so there is no sign."
            " Of an adjustment: how many there really are."
        ),
    )
    seen = Whole(
        min_value=0,
        max_value=MOST_SEEN,
        allow_null=True,
        required=False,
        help_text=(
            "Units on hand when you looked: with other ones there by now it is refused"
            " (`stock_changed`). An adjustment needs it."
        ),
    )
    destination = ByCode(
        slug_field="code",
        queryset=Location.objects.all(),
        allow_null=True,
        required=False,
        help_text="The code of the place that a transfer goes to.",
    )
    reason = serializers.CharField(
        max_length=MAX_REASON,
        allow_blank=True,
        required=False,
        help_text="Of adjustments and write-offs one of the managers' list, else a free note.",
    )
    reference = serializers.CharField(
        max_length=MAX_REFERENCE,
        allow_blank=True,
        required=False,
        help_text="A ticket, an order, a delivery note.",
    )
    recipient = serializers.CharField(
        max_length=MAX_RECIPIENT,
        allow_blank=True,
        required=False,
        help_text="The person or department that units go to or come back from.",
    )
    supplier = Related(queryset=Supplier.objects.all(), allow_null=True, required=False)
    unit_cost = UnitCost(
        allow_null=True, required=False, help_text="What one unit of a receipt cost."
    )
    reservation = Related(
        queryset=Reservation.objects.all(),
        allow_null=True,
        required=False,
        help_text="The reservation that units are issued out of.",
    )
    occurred_on = serializers.DateField(
        validators=[not_to_come],
        allow_null=True,
        required=False,
        help_text="The day it happened, if that was not today.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask whether these words go together; without the list, a reason is a note."""
        if not RULES[Kind(attrs["kind"])].needs_reason:
            attrs["note"] = attrs.pop("reason", "")
        faults = faults_of(attrs, offers=self.context.get("offers"))
        if faults:
            raise serializers.ValidationError({name: [str(it)] for name, it in faults.items()})
        return attrs


@extend_schema_serializer(examples=examples(product="NB-LEN-T14"))
class NewTransactionSerializer(MovementSerializer):
    """One movement, of any kind that people record by hand."""

    product = ByCode(slug_field="sku", queryset=Product.objects.all(), help_text="SKU.")


@extend_schema_serializer(
    examples=[OpenApiExample("Why", {"reason": "Recorded wrongly"}, request_only=True)]
)
class ReversalSerializer(StrictSerializer):
    """Why something is taken back."""

    reason = serializers.CharField(
        max_length=MAX_REASON, allow_blank=True, required=False, default=""
    )


def movement(asked: dict[str, Any], product: Product) -> Movement:
    """Return what was sent, and found valid, as the ledger takes it.

    A form shows what is on hand and sends it along with every kind; a program that sends it means
    it, so here it counts with every kind.
    """
    return replace(movement_of(asked, product), seen=asked.get("seen"))
