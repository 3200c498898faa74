"""Pages about acts that wait for a second person: adjustments and write-offs above a threshold.

What a stock count found is posted without: the count has a page of its own that explains it, and
it is managers who post it.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.models import Person
from inventory_site.access.roles import Permission
from inventory_site.dialogs import dialog
from inventory_site.paging import page_of
from inventory_site.stock import approvals, refusals
from inventory_site.stock.approval_forms import ApprovalFilterForm, RefusalForm
from inventory_site.stock.asked import SHOWN_LINES, explained, lines_of, shown
from inventory_site.stock.models import Approval
from inventory_site.stock.views import NEWEST_FIRST


def waiting_for(person: Person) -> int:
    """Return how many acts wait for a manager; 0 for everybody else. Counts a partial index."""
    if not person.can_manage:
        return 0
    with connection.cursor() as cursor:  # every dashboard asks: written once
        cursor.execute("SELECT count(*) FROM stock_approval WHERE decided_at IS NULL")
        number: int = cursor.fetchone()[0]
        return number


@requires(Permission.READ)
@require_safe
def approval_list(request: Request) -> HttpResponse:
    """Show what waits, or what was decided, newest first."""
    form = ApprovalFilterForm(request.GET)
    form.is_valid()
    found = explained().filter(decided_at__isnull=form.cleaned_data.get("state") != "decided")
    page = page_of(found, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    return render(request, "approvals/list.html", {"form": form, "page": page})


@requires(Permission.READ)
@require_safe
def approval(request: Request, approval: int) -> HttpResponse:
    """Show what was asked for, by whom and why, what is there now, and what became of it."""
    found = get_object_or_404(explained(), pk=approval)
    context = {
        "approval": found,
        "lines": lines_of(found),
        "transactions": found.transactions.order_by("id")[:SHOWN_LINES],
        "is_mine": found.created_by == request.user,
        "reason_shown": shown(found.reason),
    }
    return render(request, "approvals/approval.html", context)


@requires(Permission.MANAGE)
@require_POST
def approval_approval(request: Request, approval: int) -> HttpResponse:
    """Let the act happen; sent twice, it happens once."""
    found = get_object_or_404(Approval, pk=approval)
    try:
        approvals.approve(found.pk, actor=request.user)
    except refusals.AlreadyDecided as refusal:
        if not Approval.objects.filter(pk=approval, approved_by=request.user.pk).exists():
            messages.error(request, refusal.sentence)
    except refusals.SamePerson as refusal:
        messages.error(request, refusal.sentence)
    except refusals.Refusal as refusal:
        text = _("%(why)s It waits on: refuse it, or approve it when that has changed.")
        messages.error(request, text % {"why": refusal.sentence})
    else:
        messages.success(request, _("Approved, and done."))
    return redirect("approval", approval)


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_refusal(request: Request, approval: int) -> HttpResponse:
    """Ask why it is not to happen, in a page or dialog (GET), and refuse it (POST).

    Who asked for it takes it back so; anybody else's takes a manager.
    """
    found = get_object_or_404(explained(), pk=approval)
    is_mine = found.created_by == request.user
    if not approvals.may_refuse(request.user, found):
        raise PermissionDenied
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            approvals.refuse(found.pk, actor=request.user, **form.cleaned_data)
        except refusals.Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done = _("Taken back.") if is_mine else _("Refused.")
            messages.success(request, done)
            way = reverse("approval", args=[approval])
            return HttpResponseClientRedirect(way) if is_fragment(request) else redirect(way)
    context = {"approval": found, "is_mine": is_mine}
    return dialog(request, "approvals/refusal.html", form, focus="refusal", **context)
