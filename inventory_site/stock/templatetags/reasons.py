"""Shows reasons in templates."""

from django import template

from inventory_site.stock.asked import shown

register = template.Library()


@register.filter
def reason_shown(reason: str) -> str:
    """Show a reason as typed; the system's own ones in the reader's language."""
    return shown(reason)
