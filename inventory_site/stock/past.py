"""The past: how much was where at any instant, from snapshots that the ledger keeps of itself.

`past.sql` does the work. What it costs to look back depends on how much moved since the snapshot
before the instant, not on how long the ledger is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import psycopg
from django.db import OperationalError, connection, transaction
from psycopg import sql

SNAPSHOT_LINES = 100_000
"""A snapshot is taken after so many lines, or as many as there are levels if those are more."""


def books_of_products(instant: datetime | None) -> sql.SQL:
    """Return what to select product_id, on_hand and value from: then (`%(instant)s`), or now."""
    return sql.SQL("products_as_of(%(instant)s)" if instant else "stock_total")


def books_of_levels(instant: datetime | None) -> sql.SQL:
    """Return what to select level_id, product_id and on_hand from: then, or now."""
    now = "(SELECT id AS level_id, product_id, on_hand FROM stock_level WHERE on_hand > 0)"
    return sql.SQL("levels_as_of(%(instant)s)" if instant else now)


_LEVELS = (
    "SELECT a.product_id, l.location_id, a.on_hand"
    " FROM levels_as_of(%(instant)s) a JOIN stock_level l ON l.id = a.level_id"
)
_PRODUCTS = "SELECT a.product_id, a.on_hand, a.value FROM products_as_of(%(instant)s) a"
_OF_SOME = " WHERE a.product_id = ANY (%(products)s)"


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of a product on hand at an instant, and their book value."""

    on_hand: int
    value: Decimal


def on_hand_as_of(
    instant: datetime, product_ids: Collection[int] | None = None
) -> dict[tuple[int, int], int]:
    """Return the units at each (product id, location id) at an instant; nothing is left out.

    Of all products, or of some. Lines recorded at the very instant are in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LEVELS if product_ids is None else _LEVELS + _OF_SOME,
            {"instant": instant, "products": list(product_ids or ())},
        )
        return {(product, place): units for product, place, units in cursor.fetchall()}


def standing_as_of(
    instant: datetime, product_ids: Collection[int] | None = None
) -> dict[int, Standing]:
    """Return units and worth of each product at an instant; what was nothing is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PRODUCTS if product_ids is None else _PRODUCTS + _OF_SOME,
            {"instant": instant, "products": list(product_ids or ())},
        )
        return {product: Standing(units, value) for product, units, value in cursor.fetchall()}


def take_moment() -> datetime | None:
    """Cut the ledger in two, and return when; None where acts are under way that take longer.

    To be called in an atomic block of its own: whoever writes waits until it ends.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT take_moment()")
            moment: datetime = cursor.fetchone()[0]
            return moment
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            return None
        raise


def take_snapshot(*, lines: int = SNAPSHOT_LINES) -> bool:
    """Roll up what was written since the last time; return whether a snapshot was taken as well.

    That is after so many lines; 0 takes one at once.
    """
    take_moment()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT build_past(%s)", [lines])
        (is_taken,) = cursor.fetchone()
        return is_taken is True


def take_snapshot_if_due() -> None:
    """Do so where anything was written since the last moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(t.created_at) > p.rolled_to FROM stock_transaction t, stock_past p"
            " GROUP BY p.rolled_to"
        )
        if cursor.fetchone() == (True,):
            take_snapshot()


def past_faults() -> list[str]:
    """Return in words whatever snapshots and rollups say that the lines do not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM past_faults()")
        return [fault for (fault,) in cursor.fetchall()]
