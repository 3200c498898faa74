"""What has history stays: the reasons, in sentences."""

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site.products.models import Category, Location, Manufacturer, Product, Supplier
from inventory_site.stock.models import StockTransaction


def reason_to_stay(thing: Model) -> str | None:
    """Say why a catalogue entry cannot be deleted, or None if it can.

    The database refuses all the same; this is the sentence for people.
    """
    if isinstance(thing, Product):
        lines = StockTransaction.objects.filter(level__product=thing)
        if lines.exists():
            return _("“%(thing)s” has stock history and stays. Make it inactive instead.") % {
                "thing": thing
            }
    if isinstance(thing, Supplier) and StockTransaction.objects.filter(supplier=thing).exists():
        return _("“%(thing)s” has delivered what is in the ledger and stays.") % {"thing": thing}
    if isinstance(thing, Location):
        lines = StockTransaction.objects.filter(level__location=thing)
        if lines.exists():
            return _("“%(thing)s” has stock history and stays.") % {"thing": thing}
        if thing.children.exists():
            return _("“%(thing)s” has other locations in it: move or delete those first.") % {
                "thing": thing
            }
    if isinstance(thing, Category) and thing.children.exists():
        return _("“%(thing)s” has other categories in it: move or delete those first.") % {
            "thing": thing
        }
    if isinstance(thing, Category | Manufacturer):
        count = Product.objects.filter(
            **{"category" if isinstance(thing, Category) else "manufacturer": thing}
        ).count()
        if count:
            return ngettext(
                "“%(thing)s” still has %(count)d product: move it first.",
                "“%(thing)s” still has %(count)d products: move them first.",
                count,
            ) % {"thing": thing, "count": count}
    return None
