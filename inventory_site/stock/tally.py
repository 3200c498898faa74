"""What the tiles show, without counting: the ledger keeps the differences (`guards.sql`)."""

from dataclasses import asdict, dataclass

from django.db import connection
from django.utils.safestring import SafeString

from inventory_site.stencils import stencilled


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of products in use (all, low, out) and of units on hand."""

    products: int
    units: int
    low: int
    out: int

    def as_tiles(self, *, oob: bool = False) -> SafeString:
        """Return the tiles; `oob` has htmx put them where the page has them."""
        return stencilled("elements/tiles.html", asdict(self), oob=oob)


def totals() -> Totals:
    """Return the numbers as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(products), 0), coalesce(sum(units), 0), coalesce(sum(low), 0),"
            " coalesce(sum(gone), 0) FROM stock_tally"
        )
        return Totals(*(int(number) for number in cursor.fetchone()))
