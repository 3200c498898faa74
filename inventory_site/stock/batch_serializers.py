"""Acts of several lines in JSON: as they are read, as they are asked for, and as they are tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory_site.api.fields import ByCode, Facts, Related, StrictSerializer, Whole
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock import ledger
from inventory_site.stock.kinds import MAX_REASON, MAX_REFERENCE, BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Batch, Reservation, StockTransaction
from inventory_site.stock.movement_forms import ASKED
from inventory_site.stock.movement_serializers import (
    MOVEMENT,
    NewTransactionSerializer,
    movement,
)
from inventory_site.stock.transaction_serializers import LINE, TransactionSerializer
from inventory_site.stock.wishes import offered

if TYPE_CHECKING:
    ListSerializer = serializers.ListSerializer[Any]
else:  # it knows its model only to the type checker
    ListSerializer = serializers.ListSerializer

MOST_LINES = 1_000
"""The most lines that one request records, and that a batch is read with."""

LINE_KINDS: dict[BatchKind, tuple[Kind, ...]] = {
    BatchKind.RECEIPT: (Kind.RECEIPT,),
    BatchKind.TRANSFER: (Kind.TRANSFER,),
    BatchKind.BULK: tuple(kind for kind in ASKED if kind is not Kind.TRANSFER),
}
"""The batches that programs record, and which kinds of lines each takes."""

NEW_KINDS = [kind.value for kind in LINE_KINDS]

BATCH: dict[str, Any] = {
    "id": 812,
    "created_at": "2026-01-31T14:30:00Z",
    "kind": "receipt",
    "reason": "",
    "reference": "PO-2291",
    "reverses": None,
    "reversed_by": None,
    "actor": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "actor_name": "Otto Oliveira",
}
WHOLE_BATCH: dict[str, Any] = {
    **BATCH,
    "lines": [LINE | {"batch": 812}],
    "has_more_lines": False,
}
NEW: dict[str, Any] = {
    "kind": "receipt",
    "reference": "PO-2291",
    "lines": [{"product": "NB-LEN-T14", **MOVEMENT}],
}


@extend_schema_serializer(examples=[OpenApiExample("A batch", BATCH, response_only=True)])
class BatchRowSerializer(Facts):
    """One act of several lines. `reversed_by` is the batch that took it back as a whole."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.name) for kind in BatchKind])
    reversed_by = serializers.SerializerMethodField()
    actor = serializers.UUIDField(source="actor_id", help_text="The id of who did it.")
    actor_name = serializers.CharField(source="actor.name", help_text="Who did it.")

    class Meta:
        model = Batch
        fields = list(BATCH)
        read_only_fields = list(BATCH)

    def get_reversed_by(self, batch: Batch) -> int | None:
        """Return the id of the batch that took this one back."""
        return batch.reversal.pk if hasattr(batch, "reversal") else None


@extend_schema_serializer(examples=[OpenApiExample("A batch", WHOLE_BATCH, response_only=True)])
class BatchSerializer(BatchRowSerializer):
    """One act with its lines, the first 1,000 of them in the order they were asked for.

    All lines of a longer one, an import or a count, are in `/transactions/?batch=`.
    """

    lines = serializers.SerializerMethodField()
    has_more_lines = serializers.SerializerMethodField()

    class Meta(BatchRowSerializer.Meta):
        fields = list(WHOLE_BATCH)
        read_only_fields = list(WHOLE_BATCH)

    @extend_schema_field(TransactionSerializer(many=True))
    def get_lines(self, batch: Batch) -> list[dict[str, Any]]:
        """Return the first lines."""
        lines = StockTransaction.objects.explained().filter(batch=batch).order_by("id")
        return list(TransactionSerializer(lines[:MOST_LINES], many=True).data)

    def get_has_more_lines(self, batch: Batch) -> bool:
        """Tell whether it has more lines than are here."""
        return StockTransaction.objects.filter(batch=batch)[MOST_LINES:].exists()


class Looked:
    """A field that many lines have: what all of them name is looked up in one query."""

    found: dict[Any, Any] | None = None

    def look_up(self, named: Iterable[Any]) -> None:
        """Find the things that lines name."""
        raise NotImplementedError


class LineCode(Looked, ByCode):
    """A thing that a line names by its code."""

    def look_up(self, named: Iterable[Any]) -> None:
        """Find the things with these codes."""
        codes = {each.upper() for each in named if isinstance(each, str)}
        rows = self.get_queryset().annotate(capitals=Upper(self.slug_field))  # type: ignore[union-attr]  # these have one
        self.found = {row.capitals: row for row in rows.filter(capitals__in=codes)}

    def to_internal_value(self, data: Any) -> Any:
        """Return the thing with this code."""
        thing = (self.found or {}).get(data.upper()) if isinstance(data, str) else None
        if thing is None:
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data)[:64])
        return thing


class LineId(Looked, Related):
    """A thing that a line names by its id."""

    def look_up(self, named: Iterable[Any]) -> None:
        """Find the things with these ids."""
        ids = {each for each in named if type(each) is int and 0 < each < 2**63}
        self.found = self.get_queryset().in_bulk(ids)  # type: ignore[union-attr]  # these have one

    def to_internal_value(self, data: Any) -> Model:
        """Return the thing with this id."""
        pk = self.pk_field.to_internal_value(data)  # type: ignore[union-attr]  # these have one
        thing: Model | None = (self.found or {}).get(pk)
        if thing is None:
            self.fail("does_not_exist", pk_value=pk)
        return thing


def _numbered(errors: Any) -> Any:
    """Return errors of lines, which come by position, by the number that a refusal calls a line."""
    return {at + 1 if isinstance(at, int) else at: error for at, error in errors.items()}


class Lines(ListSerializer):
    """Lines whose fields look up what all of them name before each is read.

    What is wrong with some is told by their number, from 1.
    """

    def to_internal_value(self, data: Any) -> list[Any]:
        """Return the lines as types."""
        if isinstance(data, list):
            lines = [line for line in data[:MOST_LINES] if isinstance(line, dict)]
            fields: dict[str, Any] = self.child.fields  # type: ignore[union-attr]  # a serializer
            for name, field in fields.items():
                if isinstance(field, Looked):
                    field.look_up(line.get(name) for line in lines)
            cast("dict[str, Any]", self.context)["offers"] = offered()
        try:
            found: list[Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(_numbered(error.detail)) from error
        return found


class NewLineSerializer(NewTransactionSerializer):
    """One line of an act: a movement as `/transactions/` takes it."""

    product = LineCode(slug_field="sku", queryset=Product.objects.all(), help_text="SKU.")
    location = LineCode(
        slug_field="code", queryset=Location.objects.all(), help_text="The code of the place."
    )
    destination = LineCode(
        slug_field="code",
        queryset=Location.objects.all(),
        allow_null=True,
        required=False,
        help_text="The code of the place that a transfer goes to.",
    )
    supplier = LineId(queryset=Supplier.objects.all(), allow_null=True, required=False)
    reservation = LineId(queryset=Reservation.objects.all(), allow_null=True, required=False)


@extend_schema_serializer(examples=[OpenApiExample("A delivery", NEW, request_only=True)])
class NewBatchSerializer(StrictSerializer):
    """Up to 1,000 movements that happen together or not at all.

    A `receipt` has lines of that kind, so has a `transfer`; `bulk` has any others. `reason` and
    `reference` are those of the act; a line has its own.
    """

    kind = serializers.ChoiceField(choices=NEW_KINDS)
    reason = serializers.CharField(
        max_length=MAX_REASON, allow_blank=True, required=False, default=""
    )
    reference = serializers.CharField(
        max_length=MAX_REFERENCE, allow_blank=True, required=False, default=""
    )
    lines = Lines(child=NewLineSerializer(), allow_empty=False, max_length=MOST_LINES)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse lines that are not of the batch's kind."""
        kinds = LINE_KINDS[BatchKind(attrs["kind"])]
        fault = {"kind": [_("A batch of this kind does not take such lines.")]}
        lines = enumerate(attrs["lines"], 1)
        if faults := {str(number): fault for number, line in lines if line["kind"] not in kinds}:
            raise serializers.ValidationError({"lines": faults})
        return attrs


def movements_of(lines: list[dict[str, Any]]) -> tuple[list[Movement], list[int]]:
    """Return what the ledger records for these lines, and of each the number of its line.

    Numbers are from 1. A transfer is two movements.
    """
    movements: list[Movement] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, 1):
        asked, there = movement(line, line["product"]), line.get("destination")
        ends = ledger.both_ends(asked, there.pk) if there else [asked]
        movements += ends
        numbers += [number] * len(ends)
    return movements, numbers


class TriedLineSerializer(StrictSerializer):
    """A movement that would be recorded, with the units at its place before and after."""

    number = Whole(help_text="Which of the lines that were sent, from 1.")
    product = serializers.CharField(source="product.sku", help_text="SKU.")
    location = serializers.CharField(source="location.code", help_text="Code.")
    quantity = Whole(source="movement.quantity", help_text="Signed.")
    before = Whole()
    after = Whole()
    problem = serializers.CharField(help_text="Why it cannot be, or empty.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A trial",
            {
                "is_possible": False,
                "waits": False,
                "code": "insufficient_stock",
                "problem": "Not enough stock: only 2 available.",
                "lines": [
                    {
                        "number": 1,
                        "product": "NB-LEN-T14",
                        "location": "A1-03",
                        "quantity": -3,
                        "before": 2,
                        "after": -1,
                        "problem": "Not enough stock: only 2 available.",
                    }
                ],
            },
            response_only=True,
        )
    ]
)
class TrialSerializer(StrictSerializer):
    """What would become of a batch. Nothing was written."""

    is_possible = serializers.BooleanField()
    waits = serializers.BooleanField(help_text="Whether another person would have to approve it.")
    code = serializers.CharField(help_text="Why it is not possible, or not yet; or empty.")
    problem = serializers.CharField(help_text="The same for people.")
    lines = TriedLineSerializer(many=True)
