"""The dashboard as HTML: the list's results, which htmx also fetches alone, and the page around."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site.access.http import Request
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.listing import Listing
from inventory_site.stencils import stencilled, stencilled_page
from inventory_site.stock import approval_views, verification
from inventory_site.stock.tally import totals


def results(request: Request, form: StockFilterForm, found: Listing) -> SafeString:
    """Return what was found: rows, how many, and the ways to the pages around."""
    user, searched = request.user, form.data.get("q", "")
    pager = {"page": found.page, "target": "#results"}
    values = {
        "lines": found.lines(can_move=user.can_move),
        "count": _count_of(found),
        "pager": SafeString(render_to_string("elements/pager.html", pager, request)),
        "errors": " ".join(str(errors[0]) for errors in form.errors.values()),
        "q": searched,
        "csv": _file_of(request),
    }
    return stencilled(
        "products/stock.html#results",
        values,
        can_move=user.can_move,
        can_manage=user.can_manage,
        is_about_level=bool(form.data.get("level")) and not form.data.get("category"),
    )


def dashboard(request: Request, form: StockFilterForm, shown: SafeString) -> HttpResponse:
    """Answer with the whole page: tiles, the standing proof, what waits, filters and results."""
    waiting = approval_views.waiting_for(request.user)
    values = {
        "results": shown,
        "tiles": totals().as_tiles(),
        "proof": _standing_proof(),
        "today": localdate().isoformat(),
        "waiting": _waiting(waiting) if waiting else "",
        "q": form.data.get("q", ""),
        "categories": form.category_options,
        "levels": form.level_options,
    }
    return stencilled_page(request, "products/stock.html", values)


def _file_of(request: Request) -> str:
    """Return the address of the same list as a file."""
    query = request.GET.dict() | {"format": "csv"}
    query.pop("cursor", None)
    return f"?{urlencode(query)}"


def _count_of(found: Listing) -> str:
    if found.count is None:
        return ""
    if found.is_more_than_counted:
        return _("More than 1,000 products")
    sentence = ngettext("%(n)s product", "%(n)s products", found.count)
    return sentence % {"n": number_format(found.count)}


def _standing_proof() -> SafeString:
    proof = verification.latest()
    if proof is None:
        return stencilled("elements/proof.html", {})
    full_at = proof.full_at if proof.is_incremental else None
    values = {
        "levels": proof.levels,
        "transactions": proof.proven,
        "differences": proof.differences,
        "first_bad": proof.first_bad,
        "at": _moment(proof.started_at),
        "full_at": _moment(full_at) if full_at else "",
    }
    return stencilled("elements/proof.html", values)


def _moment(instant: datetime) -> str:
    return date_format(localtime(instant), "SHORT_DATETIME_FORMAT")


def _waiting(number: int) -> SafeString:
    return SafeString(render_to_string("approvals/waiting.html", {"waiting": number}))
