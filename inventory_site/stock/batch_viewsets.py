"""Acts of several lines for programs: all of them, a new one, its trial, its undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.keys import key_of
from inventory_site.api.operations import of_form
from inventory_site.stock import approvals, batches, ledger
from inventory_site.stock.approval_serializers import ApprovalSerializer
from inventory_site.stock.batch_forms import BatchFilterForm
from inventory_site.stock.batch_serializers import (
    BatchRowSerializer,
    BatchSerializer,
    NewBatchSerializer,
    TrialSerializer,
    movements_of,
)
from inventory_site.stock.kinds import BatchKind
from inventory_site.stock.ledger_resources import LedgerResource
from inventory_site.stock.models import Batch
from inventory_site.stock.movement_serializers import ReversalSerializer
from inventory_site.stock.outcomes import made
from inventory_site.stock.refusals import Refusal


class DryRunForm(forms.Form):
    """Whether to try only."""

    dry_run = forms.ChoiceField(
        choices=[("", ""), ("true", "true"), ("false", "false")],
        required=False,
        help_text="`true`: say what would become of every line, and write nothing.",
    )


@contextmanager
def numbered(numbers: list[int]) -> Iterator[None]:
    """Have a refusal name lines by their number as sent, where a line is several movements."""
    try:
        yield
    except Refusal as refusal:
        refusal.lines = tuple(
            replace(line, number=line.number and numbers[line.number - 1]) for line in refusal.lines
        )
        raise


class BatchViewSet(LedgerResource):
    """Transactions that happened together, as one act: a transfer, a delivery, a bulk action.

    Imports and counts make batches too, by ways of their own.
    """

    may = {
        "list": Permission.READ,
        "retrieve": Permission.READ,
        "create": Permission.MOVE,
        "reversal": Permission.MOVE,
    }
    queryset = Batch.objects.select_related("actor", "reversal")
    serializer_class = BatchSerializer
    filters = BatchFilterForm
    lookup_url_kwarg = "batch"

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return what is told: in a list, a batch without its lines."""
        return BatchRowSerializer if self.action == "list" else BatchSerializer

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep the batches of a kind."""
        return rows.filter(kind=wanted["kind"]) if wanted["kind"] else rows

    @extend_schema(
        request=NewBatchSerializer,
        parameters=of_form(DryRunForm),
        responses={
            200: OpenApiResponse(TrialSerializer, description="With `dry_run`: nothing happened."),
            201: OpenApiResponse(BatchSerializer, description="Recorded, all of it."),
            202: OpenApiResponse(
                ApprovalSerializer, description="Nothing moved yet: another person must approve it."
            ),
        },
    )
    def create(self, request: Request) -> Response:
        """Record up to 1,000 movements as one act, all or none.

        A refusal (409) names every line that stands in the way: `lines`, by number. An adjustment
        or write-off among them that is above the threshold makes the whole of it wait: 202.
        """
        wanted, key, asked = self.asked(DryRunForm), key_of(request), self.sent(NewBatchSerializer)
        actor, kind = person_of(request), BatchKind(asked.pop("kind"))
        movements, numbers = movements_of(asked.pop("lines"))
        if wanted["dry_run"] == "true":
            trial = batches.try_out(kind, movements, actor=actor, reason=asked["reason"])
            lines = [replace(line, number=numbers[line.number - 1]) for line in trial.lines]
            return Response(TrialSerializer(replace(trial, lines=lines)).data)
        with numbered(numbers):
            done = approvals.record_batch_or_request(kind, movements, actor=actor, key=key, **asked)
        return made(done)

    @extend_schema(request=ReversalSerializer, responses={201: BatchSerializer})
    @action(detail=True, methods=["post"])
    def reversal(self, request: Request, batch: int) -> Response:
        """Take a batch back.

        Every line that is not taken back yet, by a batch of its own. Refused (409, `batch_stays`)
        where the stock of some lines has gone: `lines` names their transactions.
        """
        key, found, actor = key_of(request), self.get_object(), person_of(request)
        if not batches.may_undo_batch(actor, found):
            raise PermissionDenied
        asked = self.sent(ReversalSerializer)
        return made(ledger.reverse_batch(found.pk, actor=actor, key=key, **asked))
