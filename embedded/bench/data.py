"""Fills the inventory's database with products and a ledger, fast and exact (`data.sql`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from embedded.bench.system import System

_SNAPSHOT_LINES = 100_000  # as inventory_site/stock/past.py has it
_CHUNK = 1_000_000
_CODE = Path(__file__).with_name("data.sql")
# The guard that lets nothing but a function of the ledger change a level.
_GUARD = "ALTER TABLE stock_level {} TRIGGER only_through_the_ledger"


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is, or is to be: products and lines of the ledger, the demo's not counted."""

    products: int
    lines: int


SMALL = Amount(10_000, 10_000)
"""What performance is compared with: growing beyond it should cost nothing."""


class Data:
    """The generated data of one system; they only grow."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.amount = Amount(0, 0)
        with system.owner() as owner:
            owner.execute(_CODE.read_bytes())
            owner.execute("SELECT bench.make_surroundings()")

    def grow(self, wanted: Amount, *, days: tuple[int, int]) -> float:
        """Add what is missing, moved between so many days ago; return the seconds it took.

        Every place has an opening receipt, so that there may be more lines than were asked for.
        """
        began, have = time.monotonic(), self.amount
        with self._system.owner() as owner:
            with owner.transaction():
                self._unguarded(owner, wanted, days)
            with owner.transaction():
                self._keep_past(owner)
            owner.execute("VACUUM ANALYZE")
        self._system.manage(
            "verify_ledger"
        )  # or the worker would, while something else is measured
        with self._system.owner() as owner:
            owner.execute("CHECKPOINT")
            counted = owner.execute(
                "SELECT count(*) FROM stock_transaction WHERE product_id IN"
                " (SELECT product_id FROM bench.place)"
            ).fetchone()
        self.amount = Amount(max(wanted.products, have.products), counted[0] if counted else 0)
        return time.monotonic() - began

    def _unguarded(self, owner: psycopg.Connection, wanted: Amount, days: tuple[int, int]) -> None:
        owner.execute(_GUARD.format("DISABLE").encode())
        # What the ledger keeps up by triggers is kept up; only references are not checked.
        owner.execute("ALTER TABLE stock_transaction DISABLE TRIGGER ALL")
        owner.execute("ALTER TABLE stock_transaction ENABLE TRIGGER USER")
        for first in range(self.amount.products + 1, wanted.products + 1, 100_000):
            last = min(first + 99_999, wanted.products)
            owner.execute("SELECT bench.make_products(%s, %s)", [first, last])
        owner.execute("ANALYZE products_product, stock_level, bench.place")
        ago = sql.SQL("(now() - {} * interval '1 day')")
        since, until = (ago.format(number) for number in days)
        middle = ago.format(days[0] - 0.1)
        call = sql.SQL("SELECT bench.open_places({}, {})").format(since, middle)
        have = self.amount.lines + self._number(owner, call)
        missing = max(0, wanted.lines - have)
        parts = -(-missing // _CHUNK)
        span = sql.SQL("{0} + ({1} - {0}) * {2}")
        with _without_indexes(owner) if missing > _CHUNK // 10 else nullcontext():
            for part in range(parts):
                call = sql.SQL("SELECT bench.move({}, {}, {}, {})").format(
                    have + missing * part // parts + 1,
                    have + missing * (part + 1) // parts,
                    span.format(middle, until, part / parts),
                    span.format(middle, until, (part + 1) / parts),
                )
                owner.execute(call)
        owner.execute("SELECT bench.add_up()")
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE stock_transaction ENABLE TRIGGER ALL")
        owner.execute(_GUARD.format("ENABLE").encode())

    def _keep_past(self, owner: psycopg.Connection) -> None:
        """Take the snapshots that the worker would have taken meanwhile, and roll all of it up.

        Anew each time: the worker may have found the first lines long before these were loaded.
        """
        tables = (
            "stock_moment",
            "stock_snapshot",
            "stock_snapshot_level",
            "stock_snapshot_product",
        )
        for table in tables:
            owner.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table))
            )
        owner.execute(f"TRUNCATE {', '.join(tables)}, stock_rollup".encode())
        owner.execute("UPDATE stock_past SET rolled_to = '-infinity'")
        cuts = owner.execute(
            "WITH line AS (SELECT created_at, row_number() OVER (ORDER BY created_at, id) AS n"
            " FROM stock_transaction)"
            " SELECT created_at FROM line"
            " WHERE n %% greatest(%s, (SELECT count(*) FROM stock_level)) = 0"
            " UNION SELECT max(created_at) FROM line ORDER BY 1",
            [_SNAPSHOT_LINES],
        ).fetchall()
        for cut in cuts:
            owner.execute("INSERT INTO stock_moment VALUES (%s)", cut)
            owner.execute("SELECT build_past(%s)", [_SNAPSHOT_LINES])
        for table in tables:
            owner.execute(
                sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table))
            )

    def _number(self, owner: psycopg.Connection, query: sql.Composed) -> int:
        row = owner.execute(query).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def _without_indexes(owner: psycopg.Connection) -> Iterator[None]:
    """Do without the ledger's indexes for a while: building them anew is faster."""
    found = owner.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = 'stock_transaction'::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
    ).fetchall()
    for name, _definition in found:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    owner.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in found:
        owner.execute(definition.encode())
