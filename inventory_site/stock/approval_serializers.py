"""Acts that wait, or waited, for another person, in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import Facts, StrictSerializer, Whole
from inventory_site.stock.approval_forms import MAX_REFUSAL
from inventory_site.stock.asked import SHOWN_LINES, lines_of
from inventory_site.stock.models import Approval
from inventory_site.stock.transaction_serializers import KINDS

SOMEBODY = "0f8fad5b-d9cb-469f-a165-70867728950e"
STATES = ["waiting", "approved", "refused"]
APPROVAL: dict[str, Any] = {
    "id": 31,
    "created_at": "2026-01-31T14:30:00Z",
    "state": "waiting",
    "batch_kind": "",
    "reason": "Damaged",
    "reference": "",
    "units": 150,
    "value": "134850.0000",
    "created_by": SOMEBODY,
    "created_by_name": "Otto Oliveira",
    "decided_at": None,
    "approved_by": None,
    "approved_by_name": None,
    "refused_by": None,
    "refused_by_name": None,
    "refusal": "",
}
ASKED_LINE: dict[str, Any] = {
    "kind": "write_off",
    "product": "NB-LEN-T14",
    "location": "A1-03",
    "quantity": -150,
    "reason": "Damaged",
    "on_hand": 500,
    "is_short": False,
}
WHOLE_APPROVAL: dict[str, Any] = {**APPROVAL, "lines": [ASKED_LINE], "transactions": []}


class AskedLineSerializer(StrictSerializer):
    """One movement as it was asked for, and what is there by now."""

    kind = serializers.ChoiceField(choices=KINDS)
    product = serializers.CharField(
        source="product.sku", default=None, allow_null=True, help_text="SKU; null once deleted."
    )
    location = serializers.CharField(
        source="location.code", default=None, allow_null=True, help_text="Code; null once deleted."
    )
    quantity = Whole(help_text="Signed.")
    reason = serializers.CharField()
    on_hand = Whole(help_text="Units there now.")
    is_short = serializers.BooleanField(help_text="Whether too few are available by now.")


@extend_schema_serializer(examples=[OpenApiExample("An approval", APPROVAL, response_only=True)])
class ApprovalRowSerializer(Facts):
    """An act that one person asked for and another decides about.

    `units` and `value` are what it is about; `batch_kind` is empty for a single movement.
    """

    state = serializers.SerializerMethodField()
    created_by = serializers.UUIDField(source="created_by_id", help_text="The id of who asked.")
    created_by_name = serializers.CharField(source="created_by.name")
    approved_by = serializers.UUIDField(source="approved_by_id", allow_null=True)
    approved_by_name = serializers.CharField(
        source="approved_by.name", default=None, allow_null=True
    )
    refused_by = serializers.UUIDField(source="refused_by_id", allow_null=True)
    refused_by_name = serializers.CharField(source="refused_by.name", default=None, allow_null=True)

    class Meta:
        model = Approval
        fields = list(APPROVAL)
        read_only_fields = list(APPROVAL)

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, approval: Approval) -> str:
        """Tell what became of it."""
        if approval.is_waiting:
            return "waiting"
        return "refused" if approval.refused_by else "approved"


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An approval", WHOLE_APPROVAL, response_only=True, status_codes=["200", "202"]
        )
    ]
)
class ApprovalSerializer(ApprovalRowSerializer):
    """An act that waits, or waited, for another person, with its first 200 lines.

    `transactions` are the ids of what was recorded once it was approved, the first 200 of them.
    """

    lines = serializers.SerializerMethodField()
    transactions = serializers.SerializerMethodField()

    class Meta(ApprovalRowSerializer.Meta):
        fields = list(WHOLE_APPROVAL)
        read_only_fields = list(WHOLE_APPROVAL)

    @extend_schema_field(AskedLineSerializer(many=True))
    def get_lines(self, approval: Approval) -> list[dict[str, Any]]:
        """Return what was asked for."""
        return list(AskedLineSerializer(lines_of(approval), many=True).data)

    def get_transactions(self, approval: Approval) -> list[int]:
        """Return what was recorded."""
        made = approval.transactions.order_by("id").values_list("pk", flat=True)
        return list(made[:SHOWN_LINES])


@extend_schema_serializer(
    examples=[OpenApiExample("A refusal", {"refusal": "Look again, please."}, request_only=True)]
)
class RefusalSerializer(StrictSerializer):
    """Why an act is not to happen. Who asked for it reads this."""

    refusal = serializers.CharField(max_length=MAX_REFUSAL)
