"""Webhooks for programs: what the pages do, by the same calls."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.fields import Empty
from inventory_site.api.keys import once
from inventory_site.api.resources import EditableResource, Nothing, ReadResource
from inventory_site.notices import delivery, register
from inventory_site.notices.models import Delivery, Webhook
from inventory_site.notices.serializers import (
    DeliverySerializer,
    ToldWebhookSerializer,
    WebhookSerializer,
)

ACTS = ("list", "retrieve", "create", "update", "partial_update", "destroy", "secret", "test")


@extend_schema_view(create=extend_schema(responses={201: ToldWebhookSerializer}))
class WebhookViewSet(EditableResource):
    """Programs elsewhere that are told of some kinds of notice, by signed requests.

    To delete one takes the log of its deliveries along.
    """

    may = dict.fromkeys(ACTS, Permission.MANAGE)
    queryset = Webhook.objects.select_related("created_by")
    serializer_class = WebhookSerializer
    lookup_url_kwarg = "webhook"
    filters = Nothing
    orderings = {"url": ["url", "id"], "created_at": ["created_at", "id"]}
    ordering = "url"
    new_secret = ""

    def add(self, serializer: BaseSerializer[Any]) -> Model:
        """Register it, and tell its secret, this once."""
        webhook = Webhook(**serializer.validated_data)
        self.new_secret = register.add(webhook, person=person_of(self.request))
        return webhook

    def told(self, thing: Model, *, code: int = 200) -> Response:
        """Answer with a webhook, with its secret where that was made just now."""
        answer = super().told(thing, code=code)
        if self.new_secret:
            answer.data["secret"] = self.new_secret
        return answer

    @extend_schema(request=None, responses={201: ToldWebhookSerializer})
    @action(detail=True, methods=["post"])
    @once
    def secret(self, request: Request, **_address: Any) -> Response:
        """Replace the secret.

        The new one is told this once, and signs everything from the next attempt on.
        """
        self.sent(Empty)
        webhook = self.get_object()
        self.new_secret = register.renew_secret(webhook)
        return self.told(webhook, code=201)

    @extend_schema(request=None, responses={201: DeliverySerializer})
    @action(detail=True, methods=["post"])
    @once
    def test(self, request: Request, **_address: Any) -> Response:
        """Send a test.

        Whatever kinds it asks for. The answer is the delivery: read it again to see how it went.
        """
        self.sent(Empty)
        sent = delivery.send_test(self.get_object())
        sent.refresh_from_db()
        return Response(DeliverySerializer(sent).data, 201)


class DeliveryViewSet(ReadResource):
    """What one webhook was sent, and how that went; kept for `WEBHOOK_LOG_DAYS`."""

    may = dict.fromkeys(("list", "retrieve", "replay"), Permission.MANAGE)
    queryset = Delivery.objects.select_related("notice")
    serializer_class = DeliverySerializer
    lookup_url_kwarg = "delivery"
    lookup_value_converter = "uuid"
    filters = Nothing
    orderings = {"created_at": ["created_at", "id"]}
    ordering = "-created_at"

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return those of the webhook in the address."""
        log: QuerySet[Delivery] = super().get_queryset()
        return log.filter(webhook=get_object_or_404(Webhook, pk=self.kwargs["webhook"]))

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"])
    @once
    def replay(self, request: Request, **_address: Any) -> Response:
        """Send a delivery again.

        Under the same id, from the first attempt on, whether it was heard or given up.
        """
        self.sent(Empty)
        found: Delivery = self.get_object()
        delivery.send_again(found)
        found.refresh_from_db()
        return Response(DeliverySerializer(found).data)
