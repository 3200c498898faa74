"""What a program is told of what it made: the thing as its address tells it, and the address."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response

from inventory_site.api.versions import version_of
from inventory_site.stock.approval_serializers import ApprovalSerializer
from inventory_site.stock.asked import explained
from inventory_site.stock.batch_serializers import BatchSerializer
from inventory_site.stock.models import Approval, Batch, Reservation, StockTransaction
from inventory_site.stock.refusals import AlreadyDecided
from inventory_site.stock.reservation_serializers import ReservationSerializer
from inventory_site.stock.transaction_serializers import TransactionSerializer


def made(outcome: StockTransaction | Batch | Approval | Reservation) -> Response:
    """Answer an act: 201 with what was recorded, or 202 with the approval that it waits for.

    Raises `AlreadyDecided` for an act that is sent again after somebody refused it.
    """
    if isinstance(outcome, Approval) and not outcome.is_waiting:
        raise AlreadyDecided
    code = status.HTTP_202_ACCEPTED if isinstance(outcome, Approval) else status.HTTP_201_CREATED
    data, way = _told(outcome)
    return Response(data, code, headers={"ETag": version_of(data), "Location": way})


def _told(outcome: StockTransaction | Batch | Approval | Reservation) -> tuple[Any, str]:
    """Return a thing, read anew with all that is told of it, and its address."""
    pk = outcome.pk
    match outcome:
        case StockTransaction():
            line = StockTransaction.objects.explained().get(pk=pk)
            way = reverse("api-transactions-detail", kwargs={"pk": pk})
            return TransactionSerializer(line).data, way
        case Batch():
            way = reverse("api-batches-detail", kwargs={"batch": pk})
            return BatchSerializer(outcome).data, way
        case Approval():
            way = reverse("api-approvals-detail", kwargs={"approval": pk})
            return ApprovalSerializer(explained().get(pk=pk)).data, way
    way = reverse("api-reservations-detail", kwargs={"reservation": pk})
    return ReservationSerializer(outcome).data, way
