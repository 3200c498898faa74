"""Pages about acts of several lines: all of them, one of them, and its undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
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
@require_POST
def batch_reversal(request: Request, batch: int) -> HttpResponse:
    """Take a whole batch back, or say which of its lines can no longer be."""
    found = get_object_or_404(Batch.objects.select_related("actor", "reversal"), pk=batch)
    if not batches.may_undo_batch(request.user, found):
        raise PermissionDenied
    try:
        undone = ledger.reverse_batch(found.pk, actor=request.user, key=key_of(request))
    except refusals.Refusal as refusal:
        if is_fragment(request):  # from a toast: the page of the batch has room to say why
            messages.error(request, refusal.sentence)
            return HttpResponseClientRedirect(reverse("batch", args=[found.pk]))
        context = {"problem": refusal.sentence, "stuck": batches.stuck_lines(refusal)}
        page = _context(request, found) | context
        return render(request, "batches/batch.html", page, status=422)
    messages.success(request, _("Undone, as a whole."))
    way = reverse("batch", args=[undone.pk])
    return HttpResponseClientRedirect(way) if is_fragment(request) else redirect(way)


def _context(request: Request, found: Batch) -> dict[str, object]:
    """Return what a batch's page shows."""
    lines = StockTransaction.objects.explained().filter(batch=found)
    page = page_of(lines, order=["id"], cursor=request.GET.get("cursor", ""))
    is_undoable = not hasattr(found, "reversal") and batches.may_undo_batch(request.user, found)
    return {"batch": found, "page": page, "is_undoable": is_undoable}
