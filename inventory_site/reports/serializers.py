"""The reports in JSON: what they say is decided by the modules that the pages ask, too."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import Facts, Instant, Money, StrictSerializer, Whole
from inventory_site.stock.models import Verification

STOCK: dict[str, Any] = {
    "as_of": "2026-01-31T00:00:00Z",
    "categories": [{"name": "Notebooks", "depth": 0, "units": 31, "id": 4, "products": 3}],
    "uncategorised": {"products": 0, "units": 0},
    "locations": [{"name": "Main store", "depth": 0, "units": 31, "code": "A1"}],
    "low": [
        {
            "sku": "NB-LEN-T14",
            "name": "Lenovo ThinkPad T14",
            "category": "Notebooks",
            "minimum": 10,
            "on_hand": 9,
        }
    ],
    "out": [],
}
MOVED = {"lines": 7, "units_in": 12, "units_out": 5, "net": 7, "value": "6230.0000"}
MOVEMENTS: dict[str, Any] = {
    "first": "2026-01-01",
    "last": "2026-01-31",
    "by": "day",
    "total": MOVED,
    "is_cut": False,
    "results": [{"key": "2026-01-31", "name": "2026-01-31"} | MOVED],
}
WORTH = {"products": 3, "units": 31, "value": "27590.0000"}
VALUATION: dict[str, Any] = {
    "next": None,
    "previous": None,
    "as_of": "2026-01-31T00:00:00Z",
    "total": WORTH,
    "categories": [WORTH | {"name": "Notebooks"}],
    "results": [
        {
            "sku": "NB-LEN-T14",
            "name": "Lenovo ThinkPad T14",
            "category": "Notebooks",
            "units": 9,
            "average": "890.0000",
            "value": "8010.0000",
        }
    ],
}
REORDER: dict[str, Any] = {
    "next": None,
    "previous": None,
    "results": [
        {
            "sku": "NB-LEN-T14",
            "name": "Lenovo ThinkPad T14",
            "category": "Notebooks",
            "location": None,
            "supplier": "Bechtle",
            "on_hand": 9,
            "reserved": 2,
            "available": 7,
            "minimum": 10,
            "suggested": 13,
        }
    ],
}


class BranchSerializer(StrictSerializer):
    """A branch of a tree with all that is below it; `depth` is 0 at the top."""

    name = serializers.CharField(source="node.name")
    depth = Whole()
    units = Whole()


class CategoryBranchSerializer(BranchSerializer):
    """A category with all below it."""

    id = Whole(source="node.pk")
    products = Whole()


class LocationBranchSerializer(BranchSerializer):
    """A location with all below it."""

    code = serializers.CharField(source="node.code")


class UncategorisedSerializer(StrictSerializer):
    """Products without a category."""

    products = Whole()
    units = Whole()


class ShortSerializer(StrictSerializer):
    """A product of which there is too little."""

    sku = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField(help_text="Its name; empty where it has none.")
    minimum = Whole()
    on_hand = Whole()


@extend_schema_serializer(examples=[OpenApiExample("A report", STOCK, response_only=True)])
class StockReportSerializer(StrictSerializer):
    """What there is or was: by category, by location, and of what there is too little.

    `low` and `out` name up to 200 products each, in the order of names.
    """

    as_of = Instant()
    categories = CategoryBranchSerializer(many=True)
    uncategorised = UncategorisedSerializer()
    locations = LocationBranchSerializer(many=True)
    low = ShortSerializer(many=True)
    out = ShortSerializer(many=True)


class MovedSerializer(StrictSerializer):
    """What moved, together."""

    key = serializers.CharField(
        help_text="By `by`: a day, a kind, a SKU, or the id of a category, location or person."
    )
    name = serializers.CharField(source="label")
    lines = Whole(help_text="Transactions.")
    units_in = Whole()
    units_out = Whole()
    net = Whole(help_text="Units in less units out.")
    value = Money(help_text="What the stock's value changed by.")


class MovedTotalSerializer(MovedSerializer):
    """The sum of all rows, also of those that are not listed."""

    key = None  # type: ignore[assignment]  # how the framework leaves a field out
    name = None  # type: ignore[assignment]


@extend_schema_serializer(examples=[OpenApiExample("A report", MOVEMENTS, response_only=True)])
class MovementReportSerializer(StrictSerializer):
    """What moved in a period. `is_cut`: only the products that moved most are listed."""

    first = serializers.DateField()
    last = serializers.DateField()
    by = serializers.CharField()
    total = MovedTotalSerializer()
    is_cut = serializers.BooleanField()
    results = MovedSerializer(source="rows", many=True)


class WorthSerializer(StrictSerializer):
    """Some products, their units, and what those are worth."""

    products = Whole()
    units = Whole()
    value = Money()


class CategoryWorthSerializer(WorthSerializer):
    """What the products of one category are worth, without those of categories below it."""

    name = serializers.CharField(source="label", help_text="Empty: products without a category.")


class ValuedSerializer(StrictSerializer):
    """A product's units, and their value at moving average cost."""

    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    category = serializers.CharField(
        source="product.category.name", default="", help_text="Empty where it has none."
    )
    units = Whole()
    average = Money(help_text="What one unit is worth.")
    value = Money()


class PageSerializer(StrictSerializer):
    """A page of rows, and the ways to those around it."""

    next = serializers.URLField(allow_null=True, help_text="The page after this one.")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one.")


@extend_schema_serializer(examples=[OpenApiExample("A report", VALUATION, response_only=True)])
class ValuationSerializer(PageSerializer):
    """What the stock is or was worth: together, by category, and a page of products."""

    as_of = Instant()
    total = WorthSerializer()
    categories = CategoryWorthSerializer(many=True)
    results = ValuedSerializer(many=True)


class NeedSerializer(StrictSerializer):
    """A product that is to be ordered, at one location or (null) for all together; in units."""

    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    category = serializers.CharField(
        source="product.category.name", default="", help_text="Empty where it has none."
    )
    location = serializers.CharField(source="location.code", default=None, allow_null=True)
    supplier = serializers.CharField(help_text="Who delivered it last; empty where nobody did.")
    on_hand = Whole()
    reserved = Whole()
    available = Whole(help_text="Held for nobody.")
    minimum = Whole()
    suggested = Whole(help_text="How many to order.")


@extend_schema_serializer(examples=[OpenApiExample("A report", REORDER, response_only=True)])
class ReorderReportSerializer(PageSerializer):
    """What is to be ordered: a page of products."""

    results = NeedSerializer(many=True)


PROOF = {
    "id": 12,
    "started_at": "2026-01-31T03:00:00Z",
    "finished_at": "2026-01-31T03:00:04Z",
    "is_incremental": True,
    "full_at": "2026-01-30T03:00:00Z",
    "levels": 12_000,
    "proven": 250_000,
    "transactions": 1_800,
    "differences": 0,
    "first_bad": "",
}


@extend_schema_serializer(examples=[OpenApiExample("A proof", PROOF, response_only=True)])
class ProofSerializer(Facts):
    """What a verification of the ledger found.

    It looked at `transactions` of the `proven` that explain the `levels` (balances).
    `full_at` is when everything was last looked at.
    """

    class Meta:
        model = Verification
        fields = list(PROOF)
        read_only_fields = list(PROOF)


class StandingProofSerializer(ProofSerializer):
    """The last proof, with the first 50 differences that it found."""

    class Meta(ProofSerializer.Meta):
        fields = [*PROOF, "faults"]
        read_only_fields = [*PROOF, "faults"]
