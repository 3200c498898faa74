"""The pages that look back, and the reports; each is a file too with `?format=csv`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.csv_answers import csv_answer, not_understood, wants_csv
from inventory_site.paging import page_of
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Product
from inventory_site.reports import movements, stock, stock_then, valuation
from inventory_site.reports.files import report_file
from inventory_site.reports.forms import MovementsForm
from inventory_site.reports.instants import AsOfForm
from inventory_site.stock.models import StockTransaction

LATEST = 10
NEWEST_FIRST = ["-created_at", "-id"]
MOVED = ("lines", "units in", "units out", "net", "value")
WORTH = ("as of", "sku", "name", "category", "units", "average cost", "value")
"""Columns of the CSV files: for programs, in English."""


def no_such_time(request: Request, when: AsOfForm) -> HttpResponse:
    """Say what is wrong with `?as_of=`; figures of now would be taken for those of then."""
    if wants_csv(request):
        return not_understood(when)
    return render(request, "reports/no_such_time.html", {"when": when}, status=422)


def stock_as_of(request: Request, when: AsOfForm, instant: datetime) -> HttpResponse:
    """Show the stock list as it was (the stock page hands over to this)."""
    form = StockFilterForm(request.GET)
    found = stock_then.listing_then(instant, form, cursor=request.GET.get("cursor", ""))
    context = {"when": when, "instant": instant, "form": form, "found": found}
    return render(request, "reports/stock_then.html", context)


def product_as_of(
    request: Request, product: Product, when: AsOfForm, instant: datetime
) -> HttpResponse:
    """Show a product as it was (its page hands over to this)."""
    lines = StockTransaction.objects.explained().filter(product=product, created_at__lte=instant)
    page = page_of(lines, order=NEWEST_FIRST, cursor="", size=LATEST)
    row = stock_then.row_then(instant, product)
    context = {"when": when, "instant": instant, "product": product, "row": row, "page": page}
    return render(request, "reports/product_then.html", context)


@requires(Permission.READ)
@vary_on_headers("Accept")
@require_safe
def stock_report(request: Request) -> HttpResponseBase:
    """Show the consolidated stock report, now or as of an instant."""
    when = AsOfForm(request.GET)
    if not when.is_valid():
        return no_such_time(request, when)
    if wants_csv(request):
        return report_file(when.instant)
    report = stock.stock_report(when.instant)
    context = {"when": when, "instant": when.instant, "report": report}
    return render(request, "reports/stock.html", context)


@requires(Permission.READ)
@vary_on_headers("Accept")
@require_safe
def movement_report(request: Request) -> HttpResponseBase:
    """Show what moved in a period."""
    form = MovementsForm(request.GET)
    if not form.is_valid():
        if wants_csv(request):
            return not_understood(form)
        return render(request, "reports/movements.html", {"form": form}, status=422)
    wish = form.wish()
    if wants_csv(request):
        rows = map(_moved, movements.all_rows(wish))
        return csv_answer("movements", (wish.by, "name", *MOVED), rows)
    report = movements.report(wish)
    context = {"form": form, "wish": wish, "by": movements.LABELS[wish.by], "report": report}
    return render(request, "reports/movements.html", context | {"rows": report.html(by=wish.by)})


def _moved(row: movements.Moved) -> list[object]:
    return [row.key, row.label, row.lines, row.units_in, row.units_out, row.net, row.value]


@requires(Permission.READ)
@vary_on_headers("Accept")
@require_safe
def valuation_report(request: Request) -> HttpResponseBase:
    """Show what the stock is worth, now or as of an instant."""
    when = AsOfForm(request.GET)
    if not when.is_valid():
        return no_such_time(request, when)
    instant = when.instant
    if wants_csv(request):
        at = (instant or timezone.now()).isoformat()
        lines = valuation.all_lines(instant)
        return csv_answer("valuation", WORTH, ([at, *_worth(line)] for line in lines))
    found = valuation.valuation(instant, cursor=request.GET.get("cursor", ""))
    context = {"when": when, "instant": instant, "found": found}
    return render(request, "reports/valuation.html", context)


def _worth(line: valuation.Line) -> list[object]:
    product, average = line.product, round(line.average, 4)
    category = str(product.category or "")
    return [product.sku, product.name, category, line.units, average, line.value]
