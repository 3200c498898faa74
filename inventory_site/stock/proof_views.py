"""Pages about proof: what was verified, when, and what was found; and statements to keep."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inventory_site.access.http import Request, requires
from inventory_site.access.roles import Permission
from inventory_site.paging import page_of
from inventory_site.stock import statements, verification
from inventory_site.stock.models import Verification


@requires(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def proof_list(request: Request) -> HttpResponseBase:
    """Show the proofs, newest first (GET), or verify what is new (POST)."""
    if request.method == "POST":
        return new_proof(request)
    cursor = request.GET.get("cursor", "")
    context = {
        "page": page_of(Verification.objects.all(), order=["-id"], cursor=cursor),
        "is_proven": verification.latest() is not None,
        "public_key": statements.public_key(),
    }
    return render(request, "proofs/list.html", context)


@requires(Permission.MANAGE)
def new_proof(request: Request) -> HttpResponse:
    """Verify what is new, which takes a moment; the first proof of everything is the worker's."""
    if verification.latest() is None:
        messages.error(request, _("Everything is verified first, in the background."))
        return redirect("proofs")
    proof = verification.verify(incremental=True)
    if proof.differences:
        text = ngettext(
            "%(n)d difference was found.", "%(n)d differences were found.", proof.differences
        )
        messages.error(request, text % {"n": proof.differences})
    else:
        messages.success(request, _("Verified: no differences."))
    return redirect("proofs")


@requires(Permission.READ)
@require_safe
def statement(request: Request) -> HttpResponseBase:
    """Send a signed statement of where every chain ends, as a file to keep elsewhere."""
    name = f"techstock-statement-{timezone.now():%Y-%m-%dT%H%MZ}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    pieces = statements.statement() if request.method == "GET" else ()
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)
