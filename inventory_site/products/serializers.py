"""The catalogue in JSON. The rules are the models', and of new products the catalogue's."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import ByCode, Facts, Instant, Quantity, StrictSerializer, Whole
from inventory_site.api.problems import by_field
from inventory_site.products.catalogue import check_opening
from inventory_site.products.models import (
    Category,
    Location,
    Manufacturer,
    Product,
    Supplier,
)
from inventory_site.stock.rows import status_of

FACTS: dict[str, Any] = {
    "name": "Lenovo ThinkPad T14",
    "manufacturer": 4,
    "part_number": "21HD0055BR",
    "category": 2,
    "description": "",
    "reorder_point": 6,
    "is_active": True,
}
NEW: dict[str, Any] = {"sku": "NB-LEN-T14", **FACTS, "location": "A1-03", "quantity": 10}
PRODUCT: dict[str, Any] = {
    "sku": "NB-LEN-T14",
    **FACTS,
    "manufacturer_name": "Lenovo",
    "category_name": "Laptops",
    "on_hand": 10,
    "reserved": 2,
    "available": 8,
    "status": "ok",
    "created_at": "2026-01-31T14:30:00Z",
}


def _examples(thing: str, told: dict[str, Any], asked: dict[str, Any]) -> list[OpenApiExample]:
    return [
        OpenApiExample(thing, told, response_only=True),
        OpenApiExample(f"What is sent of {thing.lower()}", asked, request_only=True),
    ]


@extend_schema_serializer(
    examples=_examples("A supplier", {"id": 3, "name": "Bechtle"}, {"name": "Bechtle"})
)
class SupplierSerializer(Facts):
    """Who delivers what is received."""

    class Meta:
        model = Supplier
        fields = ["id", "name"]


@extend_schema_serializer(
    examples=_examples("A manufacturer", {"id": 4, "name": "Lenovo"}, {"name": "Lenovo"})
)
class ManufacturerSerializer(Facts):
    """Who makes a product."""

    class Meta:
        model = Manufacturer
        fields = ["id", "name"]


@extend_schema_serializer(
    examples=_examples(
        "A category",
        {"id": 2, "name": "Laptops", "parent": 1},
        {"name": "Laptops", "parent": 1},
    )
)
class CategorySerializer(Facts):
    """A branch of the tree that products are sorted into; `parent` is what it is part of."""

    class Meta:
        model = Category
        fields = ["id", "name", "parent"]


@extend_schema_serializer(
    examples=_examples(
        "A location",
        {"code": "A1-03", "name": "Shelf 3", "parent": "A1"},
        {"code": "A1-03", "name": "Shelf 3", "parent": "A1"},
    )
)
class LocationSerializer(Facts):
    """A place where stock can be; `parent` is the code of the place that it is in."""

    parent = ByCode(  # type: ignore[assignment]  # a field may have this name
        slug_field="code", queryset=Location.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Location
        fields = ["code", "name", "parent"]


@extend_schema_serializer(examples=_examples("A product", PRODUCT, FACTS))
class ProductSerializer(Facts):
    """A thing that is stocked: its facts, and what there is of it at all locations together."""

    manufacturer_name = serializers.CharField(
        source="manufacturer.name", default=None, allow_null=True, read_only=True
    )
    category_name = serializers.CharField(
        source="category.name", default=None, allow_null=True, read_only=True
    )
    reorder_point = Quantity(
        min_value=0, required=False, help_text="At or below so many units the product is low."
    )
    on_hand = Whole(source="total.on_hand", read_only=True)
    reserved = Whole(source="total.reserved", read_only=True)
    available = Whole(
        source="total.available", read_only=True, help_text="Units that are held for nobody."
    )
    status = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = list(PRODUCT)
        read_only_fields = ["sku", "created_at"]

    def get_status(self, product: Product) -> str:
        """Tell whether it is ok, low or out."""
        return status_of(product.total.on_hand, product.reorder_point)


@extend_schema_serializer(examples=[OpenApiExample("A new product", NEW, request_only=True)])
class NewProductSerializer(ProductSerializer):
    """A product, and how many of it are where when its book is opened."""

    location = ByCode(
        slug_field="code",
        queryset=Location.objects.all(),
        allow_null=True,
        required=False,
        write_only=True,
        help_text="The code of where the opening stock is.",
    )
    quantity = Quantity(
        min_value=0, required=False, write_only=True, help_text="Units of opening stock."
    )

    class Meta(ProductSerializer.Meta):
        fields = [*ProductSerializer.Meta.fields, "location", "quantity"]
        read_only_fields = ["created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Look at the facts, and at the opening stock."""
        try:
            check_opening(attrs.get("location"), attrs.get("quantity"))
        except ValidationError as error:
            raise serializers.ValidationError(by_field(error)) from error
        return super().validate(attrs)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Stock of a product at a location",
            {
                "id": 7,
                "product": "NB-LEN-T14",
                "product_name": "Lenovo ThinkPad T14",
                "location": "A1-03",
                "location_name": "Shelf 3",
                "on_hand": 10,
                "reserved": 2,
                "available": 8,
                "moved_at": "2026-01-31T14:30:00Z",
            },
            response_only=True,
        )
    ]
)
class StockLevelSerializer(StrictSerializer):
    """How many units of a product are at a location, now or as of an instant."""

    id = Whole()
    product = serializers.CharField(source="product.sku", help_text="SKU.")
    product_name = serializers.CharField(source="product.name")
    location = serializers.CharField(source="location.code", help_text="Code.")
    location_name = serializers.CharField(source="location.name")
    on_hand = Whole()
    reserved = Whole(allow_null=True, help_text="null with `as_of`: it is not kept by day.")
    available = Whole(allow_null=True, help_text="Units that are held for nobody.")
    moved_at = Instant(allow_null=True, help_text="null with `as_of`.")


@extend_schema_serializer(
    examples=_examples(
        "A minimum at a location",
        {"id": 5, "location": "A1-03", "quantity": 4},
        {"location": "A1-03", "quantity": 4},
    )
)
class ReorderPointSerializer(StrictSerializer):
    """How few units may be available at one location before more are needed there."""

    id = Whole(read_only=True)
    location = ByCode(slug_field="code", queryset=Location.objects.all())
    quantity = Quantity(min_value=0, help_text="0 takes the minimum away.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A summary",
            {"products": 3769, "units": 18250, "low": 12, "out": 40},
            response_only=True,
        )
    ]
)
class SummarySerializer(StrictSerializer):
    """The dashboard's tiles: numbers of products in use, and of units on hand."""

    products = Whole()
    units = Whole()
    low = Whole(help_text="Products at or below their reorder point, but not out.")
    out = Whole(help_text="Products of which there is none.")
