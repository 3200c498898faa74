"""Acts that wait for another person, for programs: what was asked for, approve it, refuse it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.keys import once
from inventory_site.stock import approvals
from inventory_site.stock.approval_serializers import (
    ApprovalRowSerializer,
    ApprovalSerializer,
    RefusalSerializer,
)
from inventory_site.stock.asked import explained
from inventory_site.stock.ledger_resources import LedgerResource


class ApprovalFilterForm(forms.Form):
    """Which acts."""

    state = forms.ChoiceField(
        choices=[("", ""), ("waiting", "waiting"), ("decided", "decided")],
        required=False,
        help_text="Those that wait, or those that were approved or refused.",
    )


class ApprovalViewSet(LedgerResource):
    """Adjustments and write-offs above the threshold: one person asks, another decides.

    They come from `/transactions/` and `/batches/`, whose answer is then 202.
    """

    may = {
        "list": Permission.READ,
        "retrieve": Permission.READ,
        "approval": Permission.MANAGE,
        "refusal": Permission.MOVE,
    }
    queryset = explained()
    serializer_class = ApprovalSerializer
    filters = ApprovalFilterForm
    lookup_url_kwarg = "approval"

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return what is told: in a list, an act without its lines."""
        return ApprovalRowSerializer if self.action == "list" else ApprovalSerializer

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep what waits, or what was decided."""
        state = wanted["state"]
        return rows.filter(decided_at__isnull=state == "waiting") if state else rows

    @extend_schema(request=None, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    @once
    def approval(self, request: Request, approval: int) -> Response:
        """Let an act happen.

        Now, as who asked for it; `transactions` are what was recorded. Nobody approves what they
        asked for themselves (409, `four_eyes`). What is impossible by now is refused and waits on.
        """
        approvals.approve(self.get_object().pk, actor=person_of(request))
        return self.told(self.get_object())

    @extend_schema(request=RefusalSerializer, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    @once
    def refusal(self, request: Request, approval: int) -> Response:
        """Refuse an act.

        Managers refuse what others asked for; who asked for it takes it back so.
        """
        found, actor = self.get_object(), person_of(request)
        if not approvals.may_refuse(actor, found):
            raise PermissionDenied
        approvals.refuse(found.pk, actor=actor, **self.sent(RefusalSerializer))
        return self.told(self.get_object())
