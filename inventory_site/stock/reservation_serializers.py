"""Units held for somebody, in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import ByCode, Facts, Quantity, StrictSerializer
from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import MAX_RECIPIENT, MAX_REFERENCE
from inventory_site.stock.models import Reservation
from inventory_site.stock.reservations import not_passed

NEW: dict[str, Any] = {
    "product": "NB-LEN-T14",
    "location": "A1-03",
    "quantity": 4,
    "recipient": "Ana Almeida",
    "reference": "T-4711",
    "until": "2026-02-07",
}
RESERVATION: dict[str, Any] = {
    "id": 57,
    "created_at": "2026-01-31T14:30:00Z",
    **NEW,
    "left_over": 4,
    "created_by": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "created_by_name": "Otto Oliveira",
    "closed_at": None,
    "closed_as": "",
    "closed_by": None,
    "closed_by_name": None,
}


@extend_schema_serializer(
    examples=[OpenApiExample("A reservation", RESERVATION, response_only=True)]
)
class ReservationSerializer(Facts):
    """Units held for a person or a ticket until the end of a day.

    `quantity` were held at first, `left_over` are still; `closed_as` is empty while it is open.
    """

    product = serializers.CharField(source="product.sku", help_text="SKU.")
    location = serializers.CharField(source="location.code", help_text="Code.")
    created_by = serializers.UUIDField(source="created_by_id", help_text="The id of who asked.")
    created_by_name = serializers.CharField(source="created_by.name")
    closed_by = serializers.UUIDField(source="closed_by_id", allow_null=True)
    closed_by_name = serializers.CharField(source="closed_by.name", default=None, allow_null=True)

    class Meta:
        model = Reservation
        fields = list(RESERVATION)
        read_only_fields = list(RESERVATION)


@extend_schema_serializer(examples=[OpenApiExample("A wish", NEW, request_only=True)])
class NewReservationSerializer(StrictSerializer):
    """Units of a product at a place, to be held for somebody up to and including a day."""

    product = ByCode(slug_field="sku", queryset=Product.objects.all(), help_text="SKU.")
    location = ByCode(
        slug_field="code", queryset=Location.objects.all(), help_text="The code of the place."
    )
    quantity = Quantity(min_value=1)
    recipient = serializers.CharField(
        max_length=MAX_RECIPIENT, help_text="A person, a department or a project."
    )
    reference = serializers.CharField(
        max_length=MAX_REFERENCE,
        allow_blank=True,
        required=False,
        default="",
        help_text="A ticket or an order.",
    )
    until = serializers.DateField(validators=[not_passed], help_text="The last day they are held.")


@extend_schema_serializer(
    examples=[OpenApiExample("Two of them", {"quantity": 2}, request_only=True)]
)
class HandoverSerializer(StrictSerializer):
    """How many of the units that are held go out now."""

    quantity = Quantity(min_value=1)
    reference = serializers.CharField(
        max_length=MAX_REFERENCE, allow_blank=True, required=False, default=""
    )
