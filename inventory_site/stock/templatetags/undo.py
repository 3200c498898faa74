"""Whether a page offers to take a line back: the same question that the view asks."""

from django import template

from inventory_site.access.models import Person
from inventory_site.stock import batches
from inventory_site.stock.models import StockTransaction

register = template.Library()


@register.filter
def undoable_by(line: StockTransaction, person: Person) -> bool:
    """Tell whether this person may take this line back, and it is not taken back yet."""
    return line.is_reversible and batches.may_undo_line(person, line)
