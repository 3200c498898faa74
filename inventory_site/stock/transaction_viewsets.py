"""The ledger for programs: its lines, a product's history, one movement, its undo."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.keys import key_of
from inventory_site.products.models import Product
from inventory_site.stock import batches, ledger, movement_filters
from inventory_site.stock.approval_serializers import WHOLE_APPROVAL, ApprovalSerializer
from inventory_site.stock.batch_serializers import BatchSerializer
from inventory_site.stock.ledger_resources import LedgerResource
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.movement_filters import HistoryFilterForm, TransactionFilterForm
from inventory_site.stock.movement_serializers import (
    MovementSerializer,
    NewTransactionSerializer,
    ReversalSerializer,
    examples,
    movement,
)
from inventory_site.stock.outcomes import made
from inventory_site.stock.transaction_serializers import LINE, TransactionSerializer

RECORDED: dict[int, Any] = {
    201: OpenApiResponse(
        PolymorphicProxySerializer(
            component_name="Recorded",
            serializers=[TransactionSerializer, BatchSerializer],
            resource_type_field_name=None,
        ),
        description="Recorded: the transaction; of a transfer, the batch of both its lines.",
    ),
    202: OpenApiResponse(
        ApprovalSerializer, description="Nothing moved yet: another person must approve it."
    ),
}
TOLD = [
    OpenApiExample("Recorded", LINE, response_only=True, status_codes=["201"]),
    OpenApiExample("It waits", WHOLE_APPROVAL, response_only=True, status_codes=["202"]),
]


class HistoryResource(LedgerResource):
    """Lines of the ledger, and a way to add one."""

    queryset = StockTransaction.objects.explained()
    serializer_class = TransactionSerializer

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep the lines that are asked for."""
        return movement_filters.narrowed(rows, wanted)

    def recorded(self, asks: type[MovementSerializer], product: Product | None = None) -> Response:
        """Record what was sent, of `product` or of the one that it names."""
        key, asked = key_of(self.request), self.sent(asks)
        wish, there = movement(asked, product or asked["product"]), asked.get("destination")
        return made(batches.act(wish, destination=there, actor=person_of(self.request), key=key))


class TransactionViewSet(HistoryResource):
    """The ledger. Its lines never change; a mistake is taken back by a line of its own."""

    may = {
        "list": Permission.READ,
        "retrieve": Permission.READ,
        "create": Permission.MOVE,
        "reversal": Permission.MOVE,
    }
    filters = TransactionFilterForm
    lookup_url_kwarg = "pk"

    @extend_schema(
        request=NewTransactionSerializer,
        responses=RECORDED,
        examples=[*TOLD, *examples(product="NB-LEN-T14")],
    )
    def create(self, request: Request) -> Response:
        """Record one movement.

        Of any kind that people record by hand. An adjustment or write-off above the threshold
        waits for another person: then the answer is 202, with the approval.
        """
        return self.recorded(NewTransactionSerializer)

    @extend_schema(request=ReversalSerializer, responses={201: TransactionSerializer})
    @action(detail=True, methods=["post"])
    def reversal(self, request: Request, pk: int) -> Response:
        """Take a transaction back.

        By a line of its own, once. A transfer goes back as a whole: see its batch.
        """
        key, line, actor = key_of(request), self.get_object(), person_of(request)
        if not batches.may_undo_line(actor, line):
            raise PermissionDenied
        return made(ledger.reverse(line.pk, actor=actor, key=key, **self.sent(ReversalSerializer)))


class ProductTransactionViewSet(HistoryResource):
    """What moved a product, newest first."""

    may = {"list": Permission.READ, "create": Permission.MOVE}
    filters = HistoryFilterForm

    def get_queryset(self) -> QuerySet[StockTransaction]:
        """Return the lines of the product in the address."""
        lines: QuerySet[StockTransaction] = super().get_queryset()
        return lines.filter(product=self._product())

    @extend_schema(request=MovementSerializer, responses=RECORDED, examples=[*TOLD, *examples()])
    def create(self, request: Request, **_address: Any) -> Response:
        """Record one movement of a product.

        As `/transactions/` does, of the product in the address.
        """
        return self.recorded(MovementSerializer, self._product())

    def _product(self) -> Product:
        return get_object_or_404(Product, sku__iexact=self.kwargs["sku"])
