"""The ledger for programs: a product's history."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from inventory_site.access.roles import Permission
from inventory_site.api.resources import ListedResource, Nothing
from inventory_site.products.models import Product
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.transaction_serializers import TransactionSerializer


class ProductTransactionViewSet(ListedResource):
    """What moved a product, newest first."""

    may = {"list": Permission.READ}
    queryset = StockTransaction.objects.explained()
    serializer_class = TransactionSerializer
    filters = Nothing
    orderings = {"created_at": ["created_at", "id"]}
    ordering = "-created_at"

    def get_queryset(self) -> QuerySet[StockTransaction]:
        """Return the lines of the product in the address."""
        lines: QuerySet[StockTransaction] = super().get_queryset()
        return lines.filter(product=get_object_or_404(Product, sku__iexact=self.kwargs["sku"]))
