"""The catalogue in JSON. The rules are the models'."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from inventory_site.api.fields import Facts
from inventory_site.products.models import Supplier


@extend_schema_serializer(
    examples=[
        OpenApiExample("A supplier", {"id": 3, "name": "Bechtle"}, response_only=True),
        OpenApiExample("A new supplier", {"name": "Bechtle"}, request_only=True),
    ]
)
class SupplierSerializer(Facts):
    """Who delivers what is received."""

    class Meta:
        model = Supplier
        fields = ["id", "name"]
