"""Lines of the ledger in a table: fifty a page, so filled as stencils."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from inventory_site.access.models import Person
from inventory_site.stencils import all_stencilled
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.templatetags.undo import undoable_by

register = template.Library()


@register.simple_tag(takes_context=True)
def history_lines(context: Mapping[str, Any], lines: Iterable[StockTransaction]) -> SafeString:
    """Return the rows of `lines`, with what the reader may take back, unless all this is past.

    Of the context: `product` where all lines are of one, `history_page` where an undo leads back
    to another page than this one, and `is_past`.
    """
    request, reader = context["request"], context["user"]
    shared = {
        "csrf_token": get_token(request),
        "next": context.get("history_page") or request.get_full_path(),
    }
    may_undo = not context.get("is_past")
    return all_stencilled(
        "stock/history.html#line",
        [_shown(line, reader, may_undo=may_undo) | shared for line in lines],
        product=bool(context.get("product")),
    )


def _shown(line: StockTransaction, reader: Person, *, may_undo: bool) -> dict[str, object]:
    product, moved = line.level.product, line.quantity
    is_transfer = line.kind == Kind.TRANSFER
    return {
        "pk": str(line.pk),
        "at": date_format(localtime(line.created_at), "SHORT_DATETIME_FORMAT"),
        "sku": product.sku,
        "name": product.name,
        "kind": str(RULES[Kind(line.kind)].label),  # get_kind_display hashes every choice
        "batch": str(line.batch_id or ""),
        "recipient": line.recipient,
        "reason": line.reason_shown,
        "reference": line.reference,
        "is_more": moved > 0,
        "quantity": moved,
        "before": line.balance_before,
        "after": line.balance_after,
        "place": line.level.location.code,
        "actor": str(line.actor),
        "is_reversed": line.is_reversed,
        "undo_batch": may_undo and is_transfer and reader.can_move,
        "undo": may_undo and not is_transfer and undoable_by(line, reader),
        "fresh_key": uuid4(),
    }
