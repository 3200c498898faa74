"""Pages for counting: which counts there are, a new one, and its lines by hand, scan and paper."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.counts import counting, results, scanning
from inventory_site.counts.forms import CountFilterForm, EntriesForm, NewCountForm
from inventory_site.counts.models import Count, Entry, Line
from inventory_site.counts.posting_views import explanation
from inventory_site.counts.refusals import CountClosed
from inventory_site.csv_answers import csv_answer, wants_csv
from inventory_site.paging import page_of
from inventory_site.products.models import Location
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.refusals import Refusal

NEWEST_FIRST = ["-created_at", "-id"]
LATEST = 8
"""How many of one's own last scans the scan page shows."""
EVERYTHING = Count.objects.select_related("location", "category", "created_by", "closed_by")


@requires(Permission.READ)
@require_safe
def counts(request: Request) -> HttpResponse:
    """Show every stock count, the newest first."""
    page = page_of(EVERYTHING, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    return render(request, "counts/counts.html", {"page": page})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_count(request: Request) -> HttpResponse:
    """Ask what to count (GET), and open the count (POST)."""
    data = request.POST if request.method == "POST" else None
    form = NewCountForm(data, skus=request.GET.getlist("product"))
    if form.is_valid():
        try:
            key = key_of(request)
            return redirect(counting.open_count(**form.cleaned_data, actor=request.user, key=key))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    codes = Location.objects.values_list("code", flat=True)
    context = {"form": form, "codes": codes}
    return render(request, "counts/new.html", context, status=422 if form.is_bound else 200)


@requires(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: Request, count: int) -> HttpResponseBase:
    """Show a count: its lines to count while it is open, then what came of it (POST: entries)."""
    found = get_object_or_404(EVERYTHING, pk=count)
    if request.method == "POST":
        return entries(request, found)
    if wants_csv(request):
        return csv_answer(f"count-{found.pk}", results.header(found), results.rows(found))
    return by_hand(request, found) if found.is_open else explanation(request, found)


@requires(Permission.MOVE)
def entries(request: Request, count: Count) -> HttpResponse:
    """Write down what was typed into the fields of a page, or that a line still is what it was."""
    ids = [name[5:] for name in request.POST if name.startswith("line-") and name[5:].isascii()]
    numbers = [int(text) for text in ids if text.isdigit() and len(text) < 19]
    lines = Line.objects.filter(count=count, pk__in=numbers).explained().order_by("number")
    form = EntriesForm(count, lines, request.POST)
    if not form.is_valid:
        return by_hand(request, count, form, status=422)
    try:
        if form.counted:
            key = key_of(request)
            _tell(request, counting.record(count, form.counted, actor=request.user, key=key))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        if isinstance(refusal, CountClosed):
            return redirect(count)
        return by_hand(request, count, form, status=422)
    way = request.GET.copy()
    way["cursor"] = request.POST.get("then") or way.get("cursor", "")
    return redirect(f"{count.get_absolute_url()}?{way.urlencode()}")


def by_hand(
    request: Request, count: Count, form: EntriesForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Show a page of lines with a field each; what was typed stays where it was refused."""
    wanted = CountFilterForm(request.GET)
    wanted.is_valid()
    show, start = wanted.cleaned_data.get("show"), wanted.cleaned_data.get("start")
    lines = Line.objects.filter(count=count).explained().narrowed(show=show, start=start)
    page = page_of(lines, order=["number"], cursor=request.GET.get("cursor", ""))
    context = {
        "count": count,
        "wanted": wanted,
        "page": page,
        "form": form or EntriesForm(count, page.rows),
        "progress": counting.progress_of(count),
    }
    return render(request, "counts/count.html", context, status=status)


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def scanner(request: Request, count: int) -> HttpResponse:
    """Show the field for a scanner, which stays open for the next scan (POST: one scan)."""
    found = get_object_or_404(EVERYTHING, pk=count)
    if not found.is_open:
        return redirect(found)
    data = request.POST if request.method == "POST" else request.GET
    at, problem = scanning.place_of(found, data.get("location", "")), ""
    if request.method == "POST":
        try:
            text, key = request.POST.get("code", ""), key_of(request)
            at = scanning.scan(found, text, at=at, actor=request.user, key=key)
        except Refusal as refusal:
            problem = refusal.sentence
        if at and not (problem or is_fragment(request)):
            return redirect(f"{reverse('count-scan', args=[count])}?location={at.code}")
    mine = Entry.objects.filter(count=found, by=request.user.pk).order_by("-id")
    latest = mine.select_related("line__level__product", "line__level__location")[:LATEST]
    context = {"count": found, "at": at, "problem": problem, "latest": latest}
    part = "counts/scan.html#scan" if is_fragment(request) else "counts/scan.html"
    return render(request, part, context, status=422 if problem else 200)


@requires(Permission.MOVE)
@require_safe
def sheet(request: Request, count: int) -> HttpResponse:
    """Show every line with a box to write in, for paper."""
    found = get_object_or_404(EVERYTHING, pk=count)
    lines = Line.objects.filter(count=found).order_by("number")
    columns = ("number", "level__location__code", "level__product__sku", "level__product__name")
    shown = columns if found.is_blind else (*columns, "level__on_hand")
    context = {"count": found, "lines": lines.values_list(*shown).iterator(chunk_size=1_000)}
    return render(request, "counts/sheet.html", context)


def _tell(request: Request, done: Sequence[Entry]) -> None:
    """Say how many lines were counted, and how many of them to look at again."""
    sentence = ngettext("%(n)s line counted.", "%(n)s lines counted.", len(done))
    messages.success(request, sentence % {"n": len(done)})
    if doubted := sum(bool(entry.doubt) for entry in done):
        again = ngettext(
            "%(n)s line moved while you counted: look at it again.",
            "%(n)s lines moved while you counted: look at them again.",
            doubted,
        )
        messages.warning(request, again % {"n": doubted})
