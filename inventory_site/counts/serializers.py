"""Stock counts in JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import (
    ByCode,
    Facts,
    Instant,
    Money,
    Related,
    StrictSerializer,
    Whole,
)
from inventory_site.counts import counting, results
from inventory_site.counts.forms import MAX_PRODUCTS, MOST_SEEN, products_of
from inventory_site.counts.models import Count, Entry
from inventory_site.counts.scanning import LONGEST
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock.kinds import MAX_QUANTITY

STATES = ["open", "posted", "cancelled"]
COUNT: dict[str, Any] = {
    "id": 8,
    "name": "Aisle A1, January",
    "is_blind": True,
    "location": "A1",
    "category": None,
    "state": "open",
    "created_by": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "created_by_name": "Marina Ribeiro",
    "created_at": "2026-01-31T14:30:00Z",
    "closed_by": None,
    "closed_by_name": None,
    "closed_at": None,
    "is_rest_none": False,
    "batch": None,
}


class ProgressSerializer(StrictSerializer):
    """How far a count is, in lines."""

    lines = Whole()
    counted = Whole()
    left = Whole(help_text="Lines that nobody counted yet.")
    in_doubt = Whole(help_text="Lines to look at again before the count can be posted.")


class TotalsSerializer(StrictSerializer):
    """What a count put on the books; noughts where there was nothing to put."""

    differing = Whole(help_text="Lines.")
    more = Whole(help_text="Units that came.")
    fewer = Whole(help_text="Units that went, below zero.")
    worth = Money()


PREVIEW = {
    "differing": 2,
    "more": 1,
    "fewer": -3,
    "worth": "-1780.0000",
    "rest": 4,
    "rest_units": 31,
    "rest_worth": "5270.0000",
}


@extend_schema_serializer(examples=[OpenApiExample("A preview", PREVIEW, response_only=True)])
class PreviewSerializer(TotalsSerializer):
    """What posting would put on the books as things stand, at today's average cost."""

    rest = Whole(help_text="Lines that nobody counted.")
    rest_units = Whole(help_text="What the book says is there.")
    rest_worth = Money()


@extend_schema_serializer(examples=[OpenApiExample("A count", COUNT, response_only=True)])
class CountSerializer(Facts):
    """What is counted: a location and a category with all below them; null does not narrow it.

    `is_blind`: nobody is shown the book while counting. `is_rest_none`: what nobody counted was
    posted as none.
    """

    location = serializers.CharField(
        source="location.code", default=None, allow_null=True, help_text="Code."
    )
    state = serializers.ChoiceField(choices=STATES)
    created_by = serializers.UUIDField(source="created_by_id")
    created_by_name = serializers.CharField(source="created_by.name")
    closed_by = serializers.UUIDField(source="closed_by_id", allow_null=True)
    closed_by_name = serializers.CharField(source="closed_by.name", default=None, allow_null=True)

    class Meta:
        model = Count
        fields = list(COUNT)
        read_only_fields = list(COUNT)


class WholeCountSerializer(CountSerializer):
    """A count, how far it is, and what came of it."""

    products = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    totals = serializers.SerializerMethodField()

    class Meta(CountSerializer.Meta):
        fields = [*COUNT, "products", "progress", "totals"]

    def get_products(self, count: Count) -> list[str]:
        """Return the SKUs of the products that were chosen one by one; empty where none was."""
        chosen = Product.objects.filter(pk__in=count.product_ids)
        return list(chosen.order_by("sku").values_list("sku", flat=True))

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, count: Count) -> dict[str, Any]:
        """Return how far it is."""
        return dict(ProgressSerializer(counting.progress_of(count)).data)

    @extend_schema_field(TotalsSerializer)
    def get_totals(self, count: Count) -> dict[str, Any]:
        """Return what it put on the books."""
        return dict(TotalsSerializer(results.totals_of(count)).data)


NEW_COUNT = {"name": "Aisle A1, January", "is_blind": True, "location": "A1"}


@extend_schema_serializer(examples=[OpenApiExample("A location", NEW_COUNT, request_only=True)])
class NewCountSerializer(StrictSerializer):
    """What to count, and how; everything that is not narrowed down is counted."""

    name = serializers.CharField(max_length=64)
    is_blind = serializers.BooleanField(help_text="Nobody is shown the book while counting.")
    location = ByCode(
        slug_field="code",
        queryset=Location.objects.all(),
        required=False,
        allow_null=True,
        help_text="A code: it and everything below it.",
    )
    category = Related(
        queryset=Category.objects.all(),
        required=False,
        allow_null=True,
        help_text="An id: it and everything below it.",
    )
    products = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=MAX_PRODUCTS,
        required=False,
        help_text="SKUs: only these products.",
    )
    with_empty = serializers.BooleanField(
        default=False, help_text="Also where the book says that none is left."
    )

    def validate_products(self, skus: list[str]) -> list[Product]:
        """Return the products with these SKUs."""
        return products_of(skus)


LINE = {
    "id": 901,
    "number": 1,
    "product": "NB-LEN-T14",
    "product_name": "Lenovo ThinkPad T14",
    "location": "A1-03",
    "is_found": False,
    "counted": 9,
    "counted_by": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "counted_by_name": "Otto Oliveira",
    "counted_at": "2026-01-31T14:40:00Z",
    "is_in_doubt": False,
    "on_hand": None,
    "difference": None,
    "worth": None,
    "transaction": None,
}


@extend_schema_serializer(examples=[OpenApiExample("A line", LINE, response_only=True)])
class LineSerializer(StrictSerializer):
    """A product at a place, how many somebody counted there, and what was posted for it."""

    id = Whole(source="line.pk")
    number = Whole(source="line.number", help_text="As on the sheet of paper.")
    product = serializers.CharField(source="line.level.product.sku", help_text="SKU.")
    product_name = serializers.CharField(source="line.level.product.name")
    location = serializers.CharField(source="line.level.location.code", help_text="Code.")
    is_found = serializers.BooleanField(
        source="line.is_found", help_text="The book had none there when the count was opened."
    )
    counted = Whole(allow_null=True, help_text="null: nobody counted, and it stays as it is.")
    counted_by = serializers.UUIDField(source="line.latest.by_id", default=None, allow_null=True)
    counted_by_name = serializers.CharField(
        source="line.latest.by.name", default=None, allow_null=True
    )
    counted_at = Instant(source="line.latest.at", default=None, allow_null=True)
    is_in_doubt = serializers.BooleanField(
        help_text="It moved meanwhile: to be looked at again before the count can be posted."
    )
    on_hand = Whole(
        source="book",
        allow_null=True,
        help_text="What the book said in that moment; null while a blind count is open.",
    )
    difference = Whole(allow_null=True, help_text="Counted less the book.")
    worth = Money(allow_null=True, help_text="What was posted is worth so much.")
    transaction = Whole(
        source="posted.pk", default=None, allow_null=True, help_text="What was posted."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("What is there", {"line": 901, "quantity": 9}, request_only=True),
        OpenApiExample(
            "Three more",
            {"product": "NB-LEN-T14", "location": "A1-03", "quantity": 3, "is_more": True},
            request_only=True,
        ),
    ]
)
class NewEntrySerializer(StrictSerializer):
    """What somebody says of a line, or of a product at a place, which need not have a line yet."""

    line = Whole(min_value=1, max_value=2**63 - 1, required=False, help_text="A line's id.")
    product = ByCode(
        slug_field="sku", queryset=Product.objects.all(), required=False, help_text="SKU."
    )
    location = ByCode(
        slug_field="code", queryset=Location.objects.all(), required=False, help_text="Code."
    )
    quantity = Whole(min_value=-MAX_QUANTITY, max_value=MAX_QUANTITY)
    is_more = serializers.BooleanField(
        default=False, help_text="On top of what was counted there before."
    )
    seen = Whole(
        min_value=0,
        max_value=MOST_SEEN,
        required=False,
        help_text="What the person was shown of the book: a line that moved since is in doubt.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one way to say which line."""
        if attrs.keys() & {"line", "product", "location"} not in (
            {"line"},
            {"product", "location"},
        ):
            raise serializers.ValidationError(_("Name a line, or a product and a location."))
        return attrs


ENTRY: dict[str, Any] = {
    "line": 901,
    "quantity": 9,
    "is_more": False,
    "counted": 9,
    "doubt": "",
    "at": "2026-01-31T14:40:00Z",
}


@extend_schema_serializer(examples=[OpenApiExample("An entry", ENTRY, response_only=True)])
class EntrySerializer(Facts):
    """What was written down.

    `counted` is the line's quantity after it; `doubt` says why to look again, and is empty where
    there is no reason to.
    """

    is_more = serializers.SerializerMethodField()
    doubt = serializers.ChoiceField(choices=list(Entry.DOUBTS.items()), allow_blank=True)

    class Meta:
        model = Entry
        fields = ["line", "quantity", "is_more", "counted", "doubt", "at"]
        read_only_fields = fields

    def get_is_more(self, entry: Entry) -> bool:
        """Tell whether it came on top of what was counted before."""
        return entry.kind == Entry.ADD


@extend_schema_serializer(
    examples=[
        OpenApiExample("A product", {"code": "NB-LEN-T14", "location": "A1-03"}, request_only=True)
    ]
)
class ScanSerializer(StrictSerializer):
    """What a scanner read, and where one stands."""

    code = serializers.CharField(
        max_length=LONGEST, help_text="A location's code, or a SKU: “NB-1”, or “NB-1 5” for five."
    )
    location = serializers.CharField(
        max_length=64, required=False, help_text="The code of where one stands."
    )


@extend_schema_serializer(
    examples=[OpenApiExample("A place", {"location": "A1-03"}, response_only=True)]
)
class PlaceSerializer(StrictSerializer):
    """Where one stands now."""

    location = serializers.CharField(source="code", help_text="Code.")


@extend_schema_serializer(
    examples=[OpenApiExample("The rest stays", {"is_rest_none": False}, request_only=True)]
)
class PostingSerializer(StrictSerializer):
    """How to post a count."""

    is_rest_none = serializers.BooleanField(
        default=False,
        help_text="What nobody counted counts as none; else it stays as it is.",
    )
