"""What the tiles show, without counting: the ledger keeps the differences (`guards.sql`)."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of products in use (all, low, out) and of units on hand."""

    products: int
    units: int
    low: int
    out: int


def totals() -> Totals:
    """Return the numbers as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(products), 0), coalesce(sum(units), 0), coalesce(sum(low), 0),"
            " coalesce(sum(gone), 0) FROM stock_tally"
        )
        return Totals(*(int(number) for number in cursor.fetchone()))
