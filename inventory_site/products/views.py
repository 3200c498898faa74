"""The stock list, and a product's own pages."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from inventory_site.access.http import Request, is_fragment, requires
from inventory_site.access.roles import Permission
from inventory_site.csv_answers import wants_csv
from inventory_site.dialogs import dialog
from inventory_site.paging import page_of
from inventory_site.products.catalogue import SkuTaken, open_book
from inventory_site.products.dashboard import dashboard, results
from inventory_site.products.forms import EditProductForm, NewProductForm, StockFilterForm
from inventory_site.products.listing import listing
from inventory_site.products.models import Location, Product
from inventory_site.reports import views as reports
from inventory_site.reports.files import product_file, stock_file
from inventory_site.reports.instants import AsOfForm
from inventory_site.stock import refusals, reservation_views
from inventory_site.stock.idempotency import key_of
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.rows import places_of
from inventory_site.stock.views import LATEST, NEWEST_FIRST


@requires(Permission.READ)
@vary_on_headers("HX-Request", "Accept")
@require_safe
def stock(request: Request) -> HttpResponseBase:
    """Show the dashboard: tiles, search and filters, and the list with its quick actions."""
    when = AsOfForm(request.GET)
    if not when.is_valid():
        return reports.no_such_time(request, when)
    form = StockFilterForm(request.GET)
    if wants_csv(request):
        return stock_file(form, when.instant)
    if instant := when.instant:
        return reports.stock_as_of(request, when, instant)
    form.is_valid()  # a wrong filter filters nothing, and is named
    wanted = form.cleaned_data
    found = listing(
        text=wanted.get("q", ""),
        category=wanted.get("category", []),
        level=wanted.get("level", ""),
        cursor=request.GET.get("cursor", ""),
    )
    shown = results(request, form, found)
    if is_fragment(request):
        return HttpResponse(shown)
    return dashboard(request, form, shown)


@requires(Permission.READ)
@vary_on_headers("Accept")
@require_safe
def product(request: Request, sku: str) -> HttpResponseBase:
    """Show everything about one product: facts, where it is, and its latest history."""
    related = Product.objects.select_related("manufacturer", "category", "total")
    found = get_object_or_404(related, sku__iexact=sku)
    when = AsOfForm(request.GET)
    if not when.is_valid():
        return reports.no_such_time(request, when)
    if wants_csv(request):
        return product_file(request, found, when.instant)
    if instant := when.instant:
        return reports.product_as_of(request, found, when, instant)
    lines = StockTransaction.objects.explained().filter(product=found)
    page = page_of(lines, order=NEWEST_FIRST, cursor="", size=LATEST)
    context = {"when": when, "product": found, "rows": places_of(found.pk), "page": page}
    context |= {"reorder_points": found.reorder_points.select_related("location")}
    context |= reservation_views.panel(found)
    return render(request, "products/product.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: Request) -> HttpResponse:
    """Ask for a new product in a page or dialog (GET), and open its book (POST)."""
    form = NewProductForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        product, data = form.save(commit=False), form.cleaned_data
        opening = {"location": data["location"], "quantity": data["quantity"]}
        try:
            open_book(product, **opening, actor=request.user, key=key_of(request))
        except SkuTaken:
            form.add_error("sku", _("Another product was just given this SKU."))
        except refusals.Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%(name)s added.") % {"name": product.name})
            return _go(request, product)
    codes = Location.objects.values_list("code", flat=True)
    return dialog(request, "products/new.html", form, focus="name", codes=codes)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_product(request: Request, sku: str) -> HttpResponse:
    """Ask for a product's facts in a page or dialog (GET), and change them (POST)."""
    product = get_object_or_404(Product, sku__iexact=sku)
    form = EditProductForm(request.POST if request.method == "POST" else None, instance=product)
    if form.is_valid():
        form.save()
        messages.success(request, _("%(name)s changed.") % {"name": product.name})
        return _go(request, product)
    return dialog(request, "products/edit.html", form, focus="name", product=product)


def _go(request: Request, product: Product) -> HttpResponse:
    """Go to a product's page, from a dialog or from a page."""
    way = product.get_absolute_url()
    return HttpResponseClientRedirect(way) if is_fragment(request) else redirect(way)
