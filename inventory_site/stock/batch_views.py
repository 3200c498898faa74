"""Pages about acts of several lines: all of them, one of them, and its undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.paging import page_of
from inventory_site.stock import batches, ledger, refusals
from inventory_site.stock.batch_forms import BatchFilterForm
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.models import Batch, StockTransaction
from inventory_site.stock.views import NEWEST_FIRST


@requires(Permission.READ)
@require_safe
def batch_list(request: Request) -> HttpResponse:
    """Show every batch, or those of one kind, newest first."""
    form = BatchFilterForm(request.GET)
    form.is_valid()
    found = Batch.objects.select_related("actor", "reversal")
    if kind := form.cleaned_data.get("kind"):
        found = found.filter(kind=kind)
    page = page_of(found, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    counts = batches.line_counts(page.rows)
    rows = [(batch, counts[batch.pk]) for batch in page.rows]
    return render(request, "batches/list.html", {"form": form, "page": page, "rows": rows})


@requires(Permission.READ)
@require_safe
def batch(request: Request, batch: int) -> HttpResponse:
    """Show one act: who, when, every line, and whether it was undone."""
    found = get_object_or_404(Batch.objects.select_related("actor", "reversal"), pk=batch)
    return render(request, "batches/batch.html", _context(request, found))


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_reversal(request: Request, batch: int) -> HttpResponse:
    """Take a whole batch back (POST), or say which of its lines can no longer be (also GET)."""
    found = get_object_or_404(Batch.objects.select_related("actor", "reversal"), pk=batch)
    if not batches.may_undo_batch(request.user, found):
        raise PermissionDenied
    if request.method != "POST":
        return _with_obstacle(request, found, batches.obstacle(found, actor=request.user))
    try:
        undone = ledger.reverse_batch(found.pk, actor=request.user, key=key_of(request))
    except refusals.Refusal as refusal:
        if is_fragment(request):  # from a toast: a page has room to say which lines
            return HttpResponseClientRedirect(request.path)
        return _with_obstacle(request, found, refusal, status=422)
    messages.success(request, _("Undone, as a whole."))
    way = reverse("batch", args=[undone.pk])
    return HttpResponseClientRedirect(way) if is_fragment(request) else redirect(way)


def _with_obstacle(
    request: Request, found: Batch, refusal: refusals.Refusal | None, status: int = 200
) -> HttpResponse:
    """Show a batch, and what stands in the way of its undo, if anything does."""
    page = _context(request, found)
    if refusal:
        page |= {"problem": refusal.sentence, "stuck": batches.stuck_lines(refusal)}
    return render(request, "batches/batch.html", page, status=status)


def _context(request: Request, found: Batch) -> dict[str, object]:
    """Return what a batch's page shows."""
    lines = StockTransaction.objects.explained().filter(batch=found)
    page = page_of(lines, order=["id"], cursor=request.GET.get("cursor", ""))
    is_undoable = not hasattr(found, "reversal") and batches.may_undo_batch(request.user, found)
    return {"batch": found, "page": page, "is_undoable": is_undoable}
