"""Webhooks and what they were sent, in JSON. The rules are the model's."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import Facts, Instant
from inventory_site.notices.kinds import TOLD, NoticeKind
from inventory_site.notices.models import Delivery, Failure, Webhook

ASKED: dict[str, Any] = {
    "url": "https://example.com/hook",
    "kinds": ["out_of_stock", "low_stock"],
    "is_active": True,
}
WEBHOOK = {
    "id": 3,
    **ASKED,
    "created_by": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "created_by_name": "Marina Ribeiro",
    "created_at": "2026-01-31T14:30:00Z",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A webhook", WEBHOOK, response_only=True),
        OpenApiExample("A new webhook", ASKED, request_only=True),
    ]
)
class WebhookSerializer(Facts):
    """A program elsewhere that is told of some kinds of notice, by signed requests."""

    created_by = serializers.UUIDField(
        source="created_by_id", read_only=True, help_text="The id of who added it."
    )
    created_by_name = serializers.CharField(source="created_by.name", read_only=True)

    class Meta:
        model = Webhook
        fields = list(WEBHOOK)
        read_only_fields = ["created_at"]
        extra_kwargs = {"kinds": {"max_length": len(TOLD)}}


class ToldWebhookSerializer(WebhookSerializer):
    """A webhook with its new secret, which is told this once."""

    secret = serializers.CharField(
        read_only=True, help_text="Signs what the webhook is sent. Keep it: it is not told again."
    )

    class Meta(WebhookSerializer.Meta):
        fields = [*WEBHOOK, "secret"]


DELIVERY = {
    "id": "0b8f1c52-6a0e-4b1e-9a83-2d7f5b0c9e11",
    "notice": "4f5ac5f6-3a53-4c83-8a66-6a6d9b9a3b55",
    "kind": "low_stock",
    "data": {"product": {"id": 1, "sku": "NB-1", "name": "Notebook"}, "on_hand": 1},
    "created_at": "2026-01-31T14:30:00Z",
    "attempts": 2,
    "next_attempt_at": "2026-01-31T14:31:00Z",
    "response_code": 503,
    "failure": "status",
    "detail": "",
    "delivered_at": None,
    "given_up_at": None,
}


@extend_schema_serializer(examples=[OpenApiExample("A delivery", DELIVERY, response_only=True)])
class DeliverySerializer(Facts):
    """One notice on its way to one webhook, and how the last attempt went.

    `failure` is empty where none failed yet, `detail` what our libraries say of it.
    """

    notice = serializers.UUIDField(source="notice_id", help_text="Its id in what is sent.")
    kind = serializers.ChoiceField(
        source="notice.kind", choices=[kind.value for kind in NoticeKind]
    )
    data = serializers.JSONField(  # type: ignore[assignment]  # a field may have this name
        source="notice.data", help_text="The facts as they were then."
    )
    failure = serializers.ChoiceField(choices=Failure.choices, allow_blank=True)
    next_attempt_at = Instant(
        source="next_at", allow_null=True, help_text="null: it was delivered or given up."
    )

    class Meta:
        model = Delivery
        fields = list(DELIVERY)
        read_only_fields = list(DELIVERY)
