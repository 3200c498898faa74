"""Pages about minimums: a product's at one location, and what is to be ordered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.csv_answers import csv_answer, not_understood, wants_csv
from inventory_site.dialogs import dialog
from inventory_site.products import reorder
from inventory_site.products.models import Location, Product, ReorderPoint
from inventory_site.products.reorder_forms import ReorderFilterForm, ReorderPointForm
from inventory_site.reports.instants import NowForm

COLUMNS = (
    *("sku", "name", "category", "location", "last supplier"),
    *("on hand", "reserved", "available", "minimum", "suggested"),
)
"""Of the CSV file: for programs, in English."""


@requires(Permission.READ)
@vary_on_headers("Accept")
@require_safe
def reorder_report(request: Request) -> HttpResponseBase:
    """Show what is to be ordered and how many, as a page or as CSV; always of now."""
    form, when = ReorderFilterForm(request.GET), NowForm(request.GET)
    wish = form.wish()
    if wants_csv(request):
        if wrong := [each for each in (when, form) if not each.is_valid()]:
            return not_understood(wrong[0])
        return csv_answer("reorder", COLUMNS, map(_row, reorder.all_needs(wish)))
    page, needs = reorder.needs(wish, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "needs": needs, "target": reorder.TARGET}
    context["is_per_location"] = wish.is_per_location or wish.location is not None
    context["when"] = when
    status = 200 if when.is_valid() else 422
    return render(request, "reports/reorder.html", context, status=status)


def _row(need: reorder.Need) -> list[object]:
    """Return a need as a row of the CSV file."""
    product, place = need.product, need.location.code if need.location else ""
    units = [need.on_hand, need.reserved, need.available, need.minimum, need.suggested]
    return [product.sku, product.name, str(product.category or ""), place, need.supplier, *units]


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def reorder_points(request: Request, sku: str) -> HttpResponse:
    """Ask for a product's minimum at a location, in a page or dialog (GET), and keep it (POST).

    To set it to the same again changes nothing, so this needs no key.
    """
    product = get_object_or_404(Product, sku__iexact=sku)
    code = request.GET.get("location", "")
    points = ReorderPoint.objects.filter(product=product).select_related("location")
    point = points.filter(location__code__iexact=code).first()
    form = ReorderPointForm(request.POST if request.method == "POST" else None, point=point)
    if form.is_valid():
        place, quantity = form.cleaned_data["location"], form.cleaned_data["quantity"]
        reorder.set_point(product, place, quantity)
        messages.success(request, _("The minimum at %(place)s was changed.") % {"place": place})
        return HttpResponseClientRefresh() if is_fragment(request) else redirect(product)
    codes = () if point else Location.objects.values_list("code", flat=True)
    context = {"product": product, "point": point, "codes": codes}
    focus = "quantity" if point else "location"
    return dialog(request, "reports/reorder_point.html", form, focus=focus, **context)
