"""What the browser gets after stock was moved, or was not: fragments for htmx, a redirect else."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from inventory_site.access.http import Request, is_fragment
from inventory_site.products.models import Product
from inventory_site.stock.ledger import KeyMissing, KeyReused, Refusal
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.rows import rows_of


def moved(request: Request, line: StockTransaction) -> HttpResponse:
    """Answer a movement that was recorded: the new quantity, and a way to take it back."""
    product, place = line.level.product, line.level.location
    wording = (
        _("Undone. %(name)s: now %(balance)s in stock (%(place)s)")
        if line.reverses_id
        else _("%(name)s: %(change)s, now %(balance)s in stock (%(place)s)")
    )
    text = wording % {
        "name": product.name,
        "change": f"{line.quantity:+d}".replace("-", "−"),
        "balance": line.balance_after,
        "place": place.code,
    }
    undo = "" if line.reverses_id else reverse("reversal", args=[line.pk])
    if not is_fragment(request):
        messages.success(request, text, extra_tags=undo)
        return redirect(_way_back(request))
    answer = _fragments(request, product, text=text, level="success", undo=undo)
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
        return redirect(_way_back(request))
    text = f"{product.name}: {sentence}"
    return _fragments(request, product, text=text, level="error", undo="", status=status)


def _fragments(
    request: Request,
    product: Product,
    *,
    text: str,
    level: str,
    undo: str,
    status: int = 200,
) -> HttpResponse:
    """Render the quantity cells of a product, the tiles where the page has them, and a toast."""
    page = urlsplit(request.htmx.current_url or "").path
    context = {
        "rows": rows_of([product]),
        "target": request.htmx.target,
        "totals": Product.objects.active().totals() if page == "/" else None,
        "text": text,
        "level": level,
        "undo": undo,
        "product": product,
    }
    return HttpResponse(render_to_string("stock/moved.html", context, request), status=status)


def _way_back(request: Request) -> str:
    """Return the page that the form stood on; never a place of somebody else's."""
    way: str = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        way, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return way if ours else "/"
