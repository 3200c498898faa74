"""A line of the ledger in JSON."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import Facts
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction

KINDS = [(kind.value, kind.name) for kind in Kind]

LINE = {
    "id": 4711,
    "created_at": "2026-01-31T14:30:00Z",
    "kind": "receipt",
    "product": "NB-LEN-T14",
    "location": "A1-03",
    "quantity": 10,
    "balance_after": 14,
    "reason": "",
    "reference": "PO-2291",
    "recipient": "",
    "occurred_on": None,
    "supplier": 3,
    "unit_cost": "899.0000",
    "value": "8990.0000",
    "batch": None,
    "reservation": None,
    "approval": None,
    "reverses": None,
    "reversed_by": None,
    "actor": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "actor_name": "Otto Oliveira",
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


@extend_schema_serializer(examples=[OpenApiExample("A transaction", LINE, response_only=True)])
class TransactionSerializer(Facts):
    """One line of the ledger. It never changes; `reversed_by` is the line that took it back."""

    kind = serializers.ChoiceField(choices=KINDS)
    product = serializers.CharField(source="level.product.sku", help_text="SKU.")
    location = serializers.CharField(source="level.location.code", help_text="Code.")
    reversed_by = serializers.SerializerMethodField()
    actor = serializers.UUIDField(source="actor_id", help_text="The id of who did it.")
    actor_name = serializers.CharField(source="actor.name", help_text="Who did it.")
    fingerprint = serializers.CharField(
        help_text="What this line and all before it on its level add up to (SHA-256)."
    )

    class Meta:
        model = StockTransaction
        fields = list(LINE)
        read_only_fields = list(LINE)

    def get_reversed_by(self, line: StockTransaction) -> int | None:
        """Return the id of the line that took this one back."""
        return line.reversal.pk if line.is_reversed else None
