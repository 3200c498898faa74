"""What the browser gets after stock was moved, or was not: fragments for htmx, a redirect else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from inventory_site.access.http import Request, is_fragment, path_of
from inventory_site.products.models import Product
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.refusals import KeyMissing, KeyReused, Refusal
from inventory_site.stock.rows import Row, rows_of
from inventory_site.stock.tally import totals


def moved(request: Request, product: Product, line: StockTransaction) -> HttpResponse:
    """Answer a movement that was recorded: the new quantity, and a way to take it back."""
    rows = rows_of([product])
    place = next(row.level.location for row in rows if row.level and row.level.pk == line.level_id)
    wording = (
        _("Undone. %(name)s: now %(balance)s in stock (%(place)s)")
        if line.reverses_id
        else _("%(name)s: %(change)s, now %(balance)s in stock (%(place)s)")
    )
    sign = "+" if line.quantity > 0 else "−"
    text = wording % {
        "name": product.name,
        "change": sign + number_format(abs(line.quantity), force_grouping=True),
        "balance": number_format(line.balance_after, force_grouping=True),
        "place": place.code,
    }
    undo = "" if line.reverses_id else reverse("reversal", args=[line.pk])
    if not is_fragment(request) or line.seq == 1:  # a first line: its place may not be on the page
        messages.success(request, text, extra_tags=undo)
        return HttpResponseClientRefresh() if is_fragment(request) else _back(request)
    answer = _fragments(request, product, rows, text=text, level="success", undo=undo)
    trigger_client_event(answer, "dialog-done", {})
    return trigger_client_event(answer, "stock-changed", {})


STATUS: dict[type[Refusal], int] = {KeyReused: 409, KeyMissing: 400}
"""Of a refusal as a page; every other one is 422."""


def refused(request: Request, product: Product, refusal: Refusal) -> HttpResponse:
    """Answer a movement that the ledger refused: why, and the quantity as it is."""
    return not_moved(request, product, refusal.sentence, STATUS.get(type(refusal), 422))


def not_moved(request: Request, product: Product, sentence: str, status: int = 422) -> HttpResponse:
    """Answer a movement that was not recorded: why, and the quantity as it is."""
    if not is_fragment(request):
        messages.error(request, sentence)
        return _back(request)
    text = f"{product.name}: {sentence}"
    rows = rows_of([product])
    return _fragments(request, product, rows, text=text, level="error", undo="", status=status)


def _fragments(
    request: Request,
    product: Product,
    rows: list[Row],
    *,
    text: str,
    level: str,
    undo: str,
    status: int = 200,
) -> HttpResponse:
    """Render the quantity cells of a product, the tiles where the page has them, and a toast."""
    on_dashboard = path_of(request.htmx.current_url).partition("?")[0] == "/"
    context = {
        "rows": rows,
        "target": request.htmx.target,
        "totals": totals() if on_dashboard else None,
        "text": text,
        "level": level,
        "undo": undo,
        "product": product,
    }
    return HttpResponse(render_to_string("stock/moved.html", context, request), status=status)


def _back(request: Request) -> HttpResponse:
    """Go back to the page that the form stood on; never to a place of somebody else's."""
    way: str = request.POST.get("next", "")
    ours = way.startswith("/") and url_has_allowed_host_and_scheme(
        way, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(way if ours else "/")
