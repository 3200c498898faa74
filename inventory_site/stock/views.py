"""Movements: the quick action, the dialog, the undo, and the history of them all."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.dialogs import dialog
from inventory_site.paging import page_of
from inventory_site.products.models import Location, Product
from inventory_site.stock import batches, ledger, refusals
from inventory_site.stock.answers import answered, moved, not_moved, refused
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.movement_forms import ARRIVING, ASKED, MovementForm, Press

NEWEST_FIRST = ["-created_at", "-id"]
LATEST = 20
"""How many lines of history a product's own page shows."""


@requires(Permission.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def product_transactions(request: Request, sku: str) -> HttpResponseBase:
    """Show a product's history (GET), or record one movement of it (POST, the quick action)."""
    if request.method == "POST":
        return quick_action(request, sku)
    return product_history(request, get_object_or_404(Product, sku__iexact=sku))


@requires(Permission.MOVE)
def quick_action(request: Request, sku: str) -> HttpResponse:
    """Record one movement from a button: its place stands in the URL, its kind on the button.

    The ledger finds product and place by their codes: one statement writes, one reads the answer.
    """
    press = Press({**request.GET.dict(), **request.POST.dict()})
    if press.error:
        return not_moved(request, get_object_or_404(Product, sku__iexact=sku), press.error)
    try:
        line = ledger.record(press.movement(sku), actor=request.user, key=key_of(request))
    except refusals.Refusal as refusal:
        product = get_object_or_404(Product, sku__iexact=sku)
        if isinstance(refusal, refusals.UnknownPlace):
            return not_moved(request, product, press.unknown_place())
        return refused(request, product, refusal)
    return moved(request, line)


def product_history(request: Request, product: Product) -> HttpResponse:
    """Show every movement of a product, newest first."""
    lines = StockTransaction.objects.explained().filter(product=product)
    cursor = request.GET.get("cursor", "")
    if is_fragment(request):  # the product's own page, after a movement
        page = page_of(lines, order=NEWEST_FIRST, cursor=cursor, size=LATEST)
        context = {"page": page, "product": product, "history_page": product.get_absolute_url()}
        return render(request, "stock/history.html#history", context)
    page = page_of(lines, order=NEWEST_FIRST, cursor=cursor)
    return render(request, "stock/history.html", {"page": page, "product": product})


@requires(Permission.READ)
@require_safe
def history(request: Request) -> HttpResponse:
    """Show the whole ledger, newest first."""
    lines = StockTransaction.objects.explained()
    page = page_of(lines, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    return render(request, "stock/history.html", {"page": page})


@requires(Permission.READ)
@require_safe
def transaction(request: Request, pk: int) -> HttpResponse:
    """Show one line of the ledger with all it says."""
    line = get_object_or_404(StockTransaction.objects.explained(), pk=pk)
    return render(request, "stock/transaction.html", {"line": line})


@requires(Permission.MOVE)
@require_http_methods(["GET", "HEAD", "POST"])
def movement(request: Request, sku: str) -> HttpResponse:
    """Ask for a movement's details in a page or dialog (GET), and record it (POST)."""
    product = get_object_or_404(Product, sku__iexact=sku)
    level = product.level_at(request.GET.get("location", ""))
    data = request.POST if request.method == "POST" else None
    form = MovementForm(data, level=level, kinds=ASKED if level else ARRIVING)
    if form.is_valid():
        try:
            there = form.cleaned_data.get("destination")
            asked, key = form.movement(product), key_of(request)
            done = batches.act(asked, destination=there, actor=request.user, key=key)
            return answered(request, done)
        except refusals.Refusal as refusal:
            form.refuse(refusal)
    codes = Location.objects.values_list("code", flat=True)
    context = {"product": product, "level": level, "codes": codes}
    return dialog(request, "stock/movement.html", form, focus="quantity", **context)


@requires(Permission.MOVE)
@require_POST
def reversal(request: Request, pk: int) -> HttpResponse:
    """Take one transaction back."""
    line = get_object_or_404(StockTransaction.objects.explained(), pk=pk)
    if not batches.may_undo_line(request.user, line):
        raise PermissionDenied
    try:
        return moved(request, ledger.reverse(line.pk, actor=request.user, key=key_of(request)))
    except refusals.Refusal as refusal:
        return refused(request, line.level.product, refusal)
