"""Shows money in templates."""

from decimal import Decimal

from django import template

from inventory_site.stock.money import PLACES, shown

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """Show an amount in cents: “1,234.50 EUR”."""
    return "" if amount is None else shown(amount)


@register.filter
def cost(amount: Decimal | None) -> str:
    """Show the cost of one unit, which may have parts of a cent: “0.0125 EUR”."""
    return "" if amount is None else shown(amount, PLACES)
