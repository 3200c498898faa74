"""Pages for what comes of a count: what posting would do, doing it, leaving it, what it did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.counts import counting, posting, results
from inventory_site.counts.models import Count
from inventory_site.paging import page_of
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.refusals import Refusal

SHORT_SHOWN = 200
"""How many of the lines that stand in the way are listed."""


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def posting_page(request: Request, count: int) -> HttpResponse:
    """Show what posting would put on the books (GET), and post it (POST)."""
    found = get_object_or_404(Count, pk=count)
    is_rest_none = request.POST.get("rest") == "none"
    if request.method == "POST":
        try:
            posting.post(found, is_rest_none=is_rest_none, actor=request.user, key=key_of(request))
            return redirect(found)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    found.refresh_from_db()
    if not found.is_open:
        return redirect(found)
    lines = posting.differing(found).with_doubt().annotate(worth=posting.WORTH)
    context = {
        "count": found,
        "page": page_of(lines, order=["number"], cursor=request.GET.get("cursor", "")),
        "preview": posting.preview(found),
        "progress": counting.progress_of(found),
        "is_rest_none": is_rest_none,
        "short": posting.short(found, is_rest_none=is_rest_none)[:SHORT_SHOWN],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "counts/posting.html", context, status=status)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: Request, count: int) -> HttpResponse:
    """Ask whether to leave a count without posting it (GET), and close it so (POST)."""
    found = get_object_or_404(Count, pk=count)
    if request.method == "POST":
        try:
            counting.cancel(found, actor=request.user)
            messages.success(request, _("The count was cancelled. Nothing was posted."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect(found)
    if not found.is_open:
        return redirect(found)
    context = {"count": found, "progress": counting.progress_of(found)}
    return render(request, "counts/cancellation.html", context)


def explanation(request: Request, count: Count) -> HttpResponse:
    """Show what came of a closed count: all lines, or those that differ, and the totals."""
    shows_all = request.GET.get("show") == "all"
    lines = results.lines_of(count, differing=not shows_all)
    page = page_of(lines, order=["number"], cursor=request.GET.get("cursor", ""))
    context = {
        "count": count,
        "page": page,
        "rows": results.explained(count, page.rows),
        "shows_all": shows_all,
        "totals": results.totals_of(count),
        "progress": counting.progress_of(count),
        "undone_by": results.undone_by(count),
    }
    return render(request, "counts/result.html", context)
