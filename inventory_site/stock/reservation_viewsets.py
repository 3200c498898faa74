"""Units held for somebody, for programs: hold, hand out, let go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.keys import key_of, once
from inventory_site.stock import ledger, reservations
from inventory_site.stock.forms import LocationField
from inventory_site.stock.ledger_resources import LedgerResource
from inventory_site.stock.models import Reservation
from inventory_site.stock.outcomes import made
from inventory_site.stock.reservation_forms import ProductField
from inventory_site.stock.reservation_serializers import (
    HandoverSerializer,
    NewReservationSerializer,
    ReservationSerializer,
)
from inventory_site.stock.reservations import SOON_DAYS, handover
from inventory_site.stock.transaction_serializers import TransactionSerializer


class ReservationFilterForm(forms.Form):
    """Which reservations."""

    state = forms.ChoiceField(
        choices=[("", ""), ("open", "open"), ("ending", "ending"), ("closed", "closed")],
        required=False,
        help_text=f"`ending`: open, and ending today or within {SOON_DAYS} days.",
    )
    product = ProductField(required=False, help_text="A SKU.")
    location = LocationField(required=False, help_text="The code of a location.")


class ReservationViewSet(LedgerResource):
    """Units held for a person or a ticket: what is held goes out only to them.

    Who may move stock may hold it, hand it out and let it go.
    """

    may = {
        "list": Permission.READ,
        "retrieve": Permission.READ,
        "create": Permission.MOVE,
        "issue": Permission.MOVE,
        "release": Permission.MOVE,
    }
    queryset = Reservation.objects.select_related("product", "location", "created_by", "closed_by")
    serializer_class = ReservationSerializer
    filters = ReservationFilterForm
    orderings = {"created_at": ["created_at", "id"], "until": ["until", "id"]}
    lookup_url_kwarg = "reservation"

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep the reservations that are asked for."""
        if state := wanted["state"]:
            rows = rows.filter(closed_at__isnull=state != "closed")
        if state == "ending":
            rows = rows.filter(until__lte=timezone.localdate() + timedelta(days=SOON_DAYS))
        at = {name: wanted[name] for name in ("product", "location") if wanted[name]}
        return rows.filter(**at)

    @extend_schema(request=NewReservationSerializer, responses={201: ReservationSerializer})
    def create(self, request: Request) -> Response:
        """Hold units for somebody.

        Up to and including a day; after it they are let go by themselves. Refused (409,
        `insufficient_stock`) where fewer are available.
        """
        key, wish = key_of(request), self.sent(NewReservationSerializer)
        where = {f"{name}_id": wish.pop(name).pk for name in ("product", "location")}
        held = reservations.reserve(**where, **wish, actor=person_of(request), key=key)
        return made(held)

    @extend_schema(request=HandoverSerializer, responses={201: TransactionSerializer})
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, reservation: int) -> Response:
        """Issue units out of a reservation.

        To whom they are held for. All that was issued so: `/transactions/?reservation=`.
        """
        key, held = key_of(request), self.get_object()
        asked = handover(held, **self.sent(HandoverSerializer))
        return made(ledger.record(asked, actor=person_of(request), key=key))

    @extend_schema(request=None, responses=ReservationSerializer)
    @action(detail=True, methods=["post"])
    @once
    def release(self, request: Request, reservation: int) -> Response:
        """Let go of what a reservation still holds.

        One that is closed already stays as it is: `closed_as` says how.
        """
        held = reservations.release(self.get_object().pk, actor=person_of(request))
        return self.told(self.get_queryset().get(pk=held.pk))
