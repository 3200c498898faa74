"""Stock list, product and stock report as CSV files, now and then; for programs, so in English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from inventory_site.access.http import Request
from inventory_site.csv_answers import csv_answer, not_understood
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Product
from inventory_site.reports import stock, stock_now, stock_then
from inventory_site.stock.models import StockTransaction

_PRODUCT = ("sku", "name", "manufacturer", "category", "location", "on hand")
NOW = (*_PRODUCT, "reserved", "available")
THEN = ("as of", *_PRODUCT, "value")
HISTORY = (
    *("id", "time", "kind", "location", "quantity", "balance after", "value", "unit cost"),
    *("reason", "reference", "recipient", "supplier", "occurred on", "person", "undone by"),
)
REPORT = ("as of", "by", "name", "products", "units", "sku", "category", "minimum")
TOGETHER = 2000


def stock_file(
    form: StockFilterForm, instant: datetime | None
) -> StreamingHttpResponse | HttpResponse:
    """Answer with every row of the stock list that the filters leave; a wrong filter is named."""
    if not form.is_valid():
        return not_understood(form)
    if instant:
        rows = stock_then.all_rows(instant, form)
        return csv_answer("stock", THEN, (line for row in rows for line in _then(row, instant)))
    return csv_answer("stock", NOW, map(_now, stock_now.all_rows(form)))


def product_file(
    request: Request, product: Product, instant: datetime | None
) -> StreamingHttpResponse:
    """Answer with where a product is or was, or (`?rows=history`) with what moved it until then."""
    if request.GET.get("rows") == "history":
        return csv_answer(f"{product.sku}-history", HISTORY, _history(product, instant))
    if instant:
        row = stock_then.row_then(instant, product)
        return csv_answer(product.sku, THEN, _then(row, instant))
    return csv_answer(product.sku, NOW, map(_now, stock_now.rows_of(product.pk)))


def report_file(instant: datetime | None) -> StreamingHttpResponse:
    """Answer with the consolidated stock report, and every product that is out or low."""
    at = (instant or timezone.now()).isoformat()
    everything = stock.table(stock.stock_report(instant, listed=None))
    return csv_answer("report", REPORT, ([at, *row] for row in everything))


def _now(row: stock_now.Row) -> list[object]:
    return [*row, row.available]


def _then(row: stock_then.Row, instant: datetime) -> Iterator[list[object]]:
    """Yield a row for each place; what the product was worth is shared out by units, exactly."""
    product, at = row.product, instant.isoformat()
    maker, category = str(product.manufacturer or ""), str(product.category or "")
    facts = [at, product.sku, product.name, maker, category]
    units_left, value_left = sum(units for _, units in row.places), row.standing.value
    if not row.places:
        yield [*facts, "", 0, value_left]
    for place, units in row.places:
        value = round(value_left * units / units_left, 4)
        units_left, value_left = units_left - units, value_left - value
        yield [*facts, place.code, units, value]


def _history(product: Product, instant: datetime | None) -> Iterator[list[object]]:
    """Yield a product's lines of the ledger, newest first."""
    lines = StockTransaction.objects.explained().filter(product=product)
    if instant:
        lines = lines.filter(created_at__lte=instant)
    for line in lines.order_by("-created_at", "-id").iterator(chunk_size=TOGETHER):
        place, at = line.level.location.code, line.created_at.isoformat()
        moved = [line.quantity, line.balance_after, line.value, line.unit_cost]
        said = [line.reason, line.reference, line.recipient, str(line.supplier or "")]
        undone_by = line.reversal.pk if line.is_reversed else None
        who = [line.occurred_on, str(line.actor), undone_by]
        yield [line.pk, at, line.kind, place, *moved, *said, *who]
