"""A product's minimums at locations, for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.access.roles import Permission
from inventory_site.api.keys import once
from inventory_site.api.resources import ListedResource, Nothing
from inventory_site.products.models import Product, ReorderPoint
from inventory_site.products.reorder import set_point
from inventory_site.products.serializers import ReorderPointSerializer


class ReorderPointViewSet(ListedResource):
    """How few units of a product may be available at single locations.

    The product's own minimum, of all locations together, is its `reorder_point`.
    """

    may = {"list": Permission.READ, "create": Permission.MANAGE}
    queryset = ReorderPoint.objects.select_related("location")
    serializer_class = ReorderPointSerializer
    filters = Nothing
    orderings = {"id": ["id"]}
    ordering = "id"

    def get_queryset(self) -> QuerySet[ReorderPoint]:
        """Return those of the product in the address."""
        points: QuerySet[ReorderPoint] = super().get_queryset()
        return points.filter(product=self._product())

    @extend_schema(responses={200: ReorderPointSerializer, 204: None})
    @once
    def create(self, request: Request, **_address: Any) -> Response:
        """Set a minimum at a location.

        The same location again replaces its minimum; 0 takes it away, and is answered with 204.
        """
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        place, quantity = (
            serializer.validated_data["location"],
            serializer.validated_data["quantity"],
        )
        set_point(self._product(), place, quantity)
        point = self.get_queryset().filter(location=place).first()
        if point is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(point).data)

    def _product(self) -> Product:
        return get_object_or_404(Product, sku__iexact=self.kwargs["sku"])
