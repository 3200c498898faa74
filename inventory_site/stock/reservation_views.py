"""Pages about units held for somebody: which there are, a new one, issue and release."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.dialogs import dialog
from inventory_site.paging import page_of
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals, reservations
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.models import Reservation, StockLevel, StockTransaction
from inventory_site.stock.reservation_forms import (
    HandoverForm,
    ReservationFilterForm,
    ReservationForm,
)
from inventory_site.stock.reservations import SOON_DAYS
from inventory_site.stock.views import NEWEST_FIRST

ENDING_SOONEST_FIRST = ["until", "id"]
SHOWN_OF_PRODUCT = 20


def explained() -> QuerySet[Reservation]:
    """Return reservations with what a line about one shows, in the same query."""
    return Reservation.objects.select_related("product", "location", "created_by", "closed_by")


def panel(product: Product) -> dict[str, Any]:
    """Return what a product's page shows of its reservations: the open ones that end soonest."""
    held = explained().filter(level__product=product, closed_at=None)
    shown = held.order_by(*ENDING_SOONEST_FIRST)[:SHOWN_OF_PRODUCT]
    return {"reservations": shown, "today": timezone.localdate()}


@requires(Permission.READ)
@require_safe
def reservation_list(request: Request) -> HttpResponse:
    """Show the open ones, ending soonest first, or the closed ones, newest first."""
    form = ReservationFilterForm(request.GET)
    form.is_valid()
    state, product = form.cleaned_data.get("state"), form.cleaned_data.get("product")
    found = explained().filter(closed_at__isnull=state != "closed")
    if state == "ending":
        found = found.filter(until__lte=timezone.localdate() + timedelta(days=SOON_DAYS))
    if product:
        found = found.filter(level__product=product)
    order = NEWEST_FIRST if state == "closed" else ENDING_SOONEST_FIRST
    page = page_of(found, order=order, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render(request, "reservations/list.html", context)


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_reservation(request: Request) -> HttpResponse:
    """Ask what to hold in a page or dialog (GET), and hold it (POST)."""
    level = _level_of(request)
    form = ReservationForm(request.POST if request.method == "POST" else None, level=level)
    if form.is_valid():
        try:
            held = reservations.reserve(**form.wish(), actor=request.user, key=key_of(request))
        except refusals.Refusal as refusal:
            form.refuse(refusal)
        else:
            text = _("Held for %(who)s: %(n)s.")
            return _done(request, held, _told(text, held, held.quantity))
    codes = () if level else Location.objects.values_list("code", flat=True)
    context = {"level": level, "codes": codes}
    focus = "quantity" if level else "product"
    return dialog(request, "reservations/new.html", form, focus=focus, **context)


@requires(Permission.READ)
@require_safe
def reservation(request: Request, reservation: int) -> HttpResponse:
    """Show one reservation, and what was issued against it."""
    held = get_object_or_404(explained(), pk=reservation)
    lines = StockTransaction.objects.explained().filter(reservation=held)
    page = page_of(lines, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    context = {"held": held, "page": page, "today": timezone.localdate()}
    return render(request, "reservations/reservation.html", context)


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def reservation_transactions(request: Request, reservation: int) -> HttpResponse:
    """Ask how many of the held units go out, in a page or dialog (GET); issue them (POST)."""
    held = get_object_or_404(explained(), pk=reservation)
    form = HandoverForm(request.POST if request.method == "POST" else None, reservation=held)
    if form.is_valid():
        try:
            line = ledger.record(form.movement(held), actor=request.user, key=key_of(request))
        except refusals.Refusal as refusal:
            form.refuse(refusal)
        else:
            undo = reverse("reversal", args=[line.pk])
            text = _told(_("Issued to %(who)s: %(n)s."), held, -line.quantity)
            return _done(request, held, text, undo=undo)
    return dialog(request, "reservations/issue.html", form, focus="quantity", held=held)


@requires(Permission.MOVE)
@require_POST
def reservation_release(request: Request, reservation: int) -> HttpResponse:
    """Let go of what is still held; a second time changes nothing, so this needs no key."""
    found = get_object_or_404(Reservation, pk=reservation)
    held = reservations.release(found.pk, actor=request.user)
    if held.closed_as == "released":
        messages.success(request, _("Released: the units are available again."))
    else:  # somebody was quicker
        messages.warning(request, _("This reservation was closed before."))
    return redirect("reservation", reservation)


def _level_of(request: Request) -> StockLevel | None:
    """Return the stock that a link leads here for."""
    sku, code = request.GET.get("product", ""), request.GET.get("location", "")
    levels = StockLevel.objects.select_related("product", "location")
    return levels.filter(product__sku__iexact=sku, location__code__iexact=code).first()


def _told(sentence: str, held: Reservation, units: int) -> str:
    """Fill in for whom and how many."""
    words = {"who": held.recipient, "n": number_format(units, force_grouping=True)}
    return sentence % words


def _done(request: Request, held: Reservation, text: str, *, undo: str = "") -> HttpResponse:
    """Say what was done: on the page that the dialog stood on, else on the reservation's own."""
    messages.success(request, text, extra_tags=undo)
    if is_fragment(request):
        return HttpResponseClientRefresh()
    return redirect("reservation", held.pk)
