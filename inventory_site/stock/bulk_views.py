"""Pages that put an act of several lines together: chosen rows, and a delivery of goods.

Both show what would become of every line before anything is written.
"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.products.models import Location
from inventory_site.stock import approvals, batches, refusals
from inventory_site.stock.answers import STATUS, say_recorded, say_waiting
from inventory_site.stock.batch_forms import BulkForm, ReceiptForm, ReceiptLineForm
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.kinds import BatchKind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Batch, StockLevel

EMPTY_LINES = 10
"""How many lines a delivery begins with, and how many “More lines” adds."""


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request: Request) -> HttpResponse:
    """Ask what to do with the chosen rows (GET), show what would come of it, and do it (POST)."""
    chosen = [pk for pk in request.GET.getlist("level")[: batches.MAX_LINES] if pk.isdecimal()]
    levels = StockLevel.objects.filter(pk__in=[int(pk[:18]) for pk in chosen])
    levels = levels.select_related("product", "location").order_by("product__sort_name", "pk")
    form = BulkForm(request.POST if request.method == "POST" else None, levels)
    codes = Location.objects.values_list("code", flat=True)
    page = {"form": form, "codes": codes}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "batches/new.html", page, status=status)
    movements, reference = form.movements(), form.cleaned_data["reference"]
    reason = form.cleaned_data["reason"]
    return _tried_or_done(
        request, "batches/new.html", page, form.batch_kind, movements, reason, reference
    )


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_receipt(request: Request) -> HttpResponse:
    """Ask for a delivery's lines (GET), show what would come of them, and receive them (POST)."""
    data = request.POST if request.method == "POST" else None
    delivery, lines = ReceiptForm(data), _lines(data)
    page = {
        "form": delivery,
        "lines": lines,
        "codes": Location.objects.values_list("code", flat=True),
    }
    asks_for_lines = data is not None and "more" in data
    is_good = not asks_for_lines and delivery.is_valid() and lines.is_valid()
    filled = [line for line in lines if line.has_changed()] if is_good else []
    if not filled:
        page["is_empty"] = is_good and data is not None
        is_refused = data is not None and not asks_for_lines
        return render(request, "batches/receipt.html", page, status=422 if is_refused else 200)
    movements = [line.movement(delivery) for line in filled]
    reference = delivery.cleaned_data["reference"]
    return _tried_or_done(
        request, "batches/receipt.html", page, BatchKind.RECEIPT, movements, "", reference
    )


def _lines(data: QueryDict | None) -> forms.BaseFormSet[ReceiptLineForm]:
    """Return the lines of a delivery as typed, with more empty ones where that was asked for."""
    made = forms.formset_factory(ReceiptLineForm, extra=EMPTY_LINES, max_num=batches.MAX_LINES)
    if data is None:
        return made(prefix="line")
    data = data.copy()
    total = data.get("line-TOTAL_FORMS", "")
    count = int(total[:6]) if total.isdecimal() else 0
    more = EMPTY_LINES if "more" in data else 0
    data["line-TOTAL_FORMS"] = str(min(count + more, batches.MAX_LINES))
    return made(data, prefix="line")


def _tried_or_done(
    request: Request,
    template: str,
    page: dict[str, object],
    kind: BatchKind,
    movements: list[Movement],
    reason: str,
    reference: str,
) -> HttpResponse:
    """Show what an act would do; where that was seen and confirmed, do it."""
    if "confirm" in request.POST:
        act = {"actor": request.user, "reason": reason, "reference": reference}
        try:
            done = approvals.record_batch_or_request(kind, movements, key=key_of(request), **act)  # type: ignore[arg-type]  # as named
        except (refusals.KeyReused, refusals.KeyMissing) as refusal:
            page["problem"] = refusal.sentence
            return render(request, template, page, status=STATUS[type(refusal)])
        except refusals.Refusal:
            pass  # said below, line by line
        else:
            if isinstance(done, Batch):
                say_recorded(request, done)
                return redirect("batch", done.pk)
            say_waiting(request, done)
            return redirect("approval", done.pk)
    page["trial"] = batches.try_out(kind, movements, actor=request.user, reason=reason)
    return render(request, template, page)
