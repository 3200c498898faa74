"""What the browser gets after stock was moved, or was not: fragments for htmx, a redirect else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from inventory_site.access.http import Request, is_fragment, path_of
from inventory_site.products.models import Product
from inventory_site.stencils import joined, stencilled
from inventory_site.stock import batches
from inventory_site.stock.kinds import BatchKind
from inventory_site.stock.models import Approval, Batch, StockTransaction
from inventory_site.stock.refusals import AlreadyDecided, KeyMissing, KeyReused, Refusal
from inventory_site.stock.rows import Standing, standing


def answered(request: Request, outcome: StockTransaction | Batch | Approval) -> HttpResponse:
    """Answer an act that was recorded, or that waits for another person by now."""
    if isinstance(outcome, StockTransaction):
        return moved(request, outcome)
    if isinstance(outcome, Batch):
        say_recorded(request, outcome)
    else:
        say_waiting(request, outcome)
    return _back(request)


def moved(request: Request, line: StockTransaction) -> HttpResponse:
    """Answer a movement that was recorded: the new quantity, and a way to take it back."""
    now = standing(line.product_id, with_totals=_has_tiles(request))
    here = next(row for row in now.rows if row.level_id == line.level_id)
    wording = (
        _("Undone. %(name)s: now %(balance)s in stock (%(place)s)")
        if line.reverses_id
        else _("%(name)s: %(change)s, now %(balance)s in stock (%(place)s)")
    )
    sign = "+" if line.quantity > 0 else "−"
    text = wording % {
        "name": here.name,
        "change": sign + number_format(abs(line.quantity), force_grouping=True),
        "balance": number_format(line.balance_after, force_grouping=True),
        "place": here.place,
    }
    undo = "" if line.reverses_id else reverse("reversal", args=[line.pk])
    if not is_fragment(request) or line.seq == 1:  # a first line: its place may not be on the page
        messages.success(request, text, extra_tags=undo)
        return _back(request)
    answer = _fragments(request, now, text=text, level="success", undo=undo)
    trigger_client_event(answer, "dialog-done", {})
    return trigger_client_event(answer, "stock-changed", {})


def say_recorded(request: Request, batch: Batch) -> None:
    """Have the next page say what a batch did, with a way to take it back."""
    lines = list(batch.lines.explained().order_by("id")[: batches.MAX_LINES + 1])
    if batch.kind == BatchKind.TRANSFER and len(lines) == 2:
        here, there = lines
        text = _("%(name)s: %(n)s moved from %(here)s to %(there)s") % {
            "name": here.level.product.name,
            "n": number_format(there.quantity, force_grouping=True),
            "here": here.level.location.code,
            "there": there.level.location.code,
        }
    else:
        sentence = ngettext("%(n)s line recorded.", "%(n)s lines recorded.", len(lines))
        text = sentence % {"n": len(lines)}
    undoable = batches.may_undo_batch(request.user, batch)
    undo = reverse("batch-reversal", args=[batch.pk]) if undoable else ""
    messages.success(request, text, extra_tags=undo)


def say_waiting(request: Request, approval: Approval) -> None:
    """Have the next page say that nothing moved yet, with the way to what waits."""
    if approval.is_waiting:
        text = _("Another person must approve this. Nothing has moved yet.")
    else:  # sent again, after somebody said no
        text = AlreadyDecided().sentence
    messages.warning(request, text, extra_tags=reverse("approval", args=[approval.pk]))


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
    now = standing(product.pk, with_totals=_has_tiles(request))
    text = f"{product.name}: {sentence}"
    return _fragments(request, now, text=text, level="error", undo="", status=status)


def _has_tiles(request: Request) -> bool:
    """Tell whether the page that asks for a fragment is the dashboard."""
    return is_fragment(request) and path_of(request.htmx.current_url).partition("?")[0] == "/"


def _fragments(
    request: Request, now: Standing, *, text: str, level: str, undo: str, status: int = 200
) -> HttpResponse:
    """Render the quantity cells of a product, the tiles where the page has them, and a toast."""
    first, target = now.rows[0], request.htmx.target
    others = [row for row in now.rows if row.cell_id != target]
    values = {
        "cell": joined(row.cell for row in now.rows if row.cell_id == target),
        "elsewhere": joined(
            stencilled("stock/moved.html#elsewhere", {"cell_id": row.cell_id, "cell": row.cell})
            for row in others
        ),
        "tiles": now.totals.as_tiles(oob=True) if now.totals else "",
        "text": text,
        "undo": undo,
        "sku": first.sku,
    }
    return HttpResponse(stencilled("stock/moved.html", values, level=level), status=status)


def _back(request: Request) -> HttpResponse:
    """Show the page that the form stood on again, with the message; never somebody else's."""
    if is_fragment(request):
        return HttpResponseClientRefresh()
    way: str = request.POST.get("next", "")
    ours = way.startswith("/") and url_has_allowed_host_and_scheme(
        way, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(way if ours else "/")
