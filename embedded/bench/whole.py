"""Benchmarks of what goes through everything: verification, an import; and memory."""

from __future__ import annotations

import csv
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import psycopg
from psycopg import sql

from embedded.bench import usage
from embedded.bench.bench import Bench, Benchmark
from embedded.bench.findings import Finding, Target, short
from embedded.bench.load import repeated

_IMPORTED = 100_000  # products; fewer where the generated data are fewer
_HEADER = (
    *("sku", "name", "manufacturer", "part_number", "category", "location"),
    *("quantity", "reorder_point", "description"),
)
_TABLES = ("products_product", "stock_level", "stock_transaction")


@dataclass(frozen=True, slots=True)
class _Ran:
    """How long a command took, and the most memory that PostgreSQL allocated for it, in MiB."""

    seconds: float
    mib: float
    said: str


def small_verify(bench: Bench) -> _Ran:
    """Verify a short ledger."""
    return _watched(bench, "verify_ledger")


def verify(bench: Bench, before: _Ran) -> Iterator[Finding]:
    """Verify everything, as people would."""
    done = _watched(bench, "verify_ledger")
    ((lines, differences),) = bench.rows(
        "SELECT transactions, differences FROM stock_verification ORDER BY started_at DESC LIMIT 1"
    )
    yield Finding(
        *("verify", "everything, with starting the command", done.seconds, "s"),
        target=Target(60, 20, lines=10_000_000),
        beside=f"{short(lines)} lines, {short(lines / done.seconds)} lines/s",
    )
    yield Finding("verify", "differences found", differences, "", target=Target(0, 0))
    yield Finding(
        *("verify", "most memory of PostgreSQL for it", done.mib, "MiB"),
        beside=f"{before.mib:.0f} MiB for a short ledger",
    )


def imports(bench: Bench, _before: object) -> Iterator[Finding]:
    """Import products with opening stock: looked at, then written; then COPY of the same rows."""
    number = min(_IMPORTED, bench.data.amount.products)
    with tempfile.TemporaryDirectory(dir=bench.system.places.run) as folder:
        file = Path(folder) / "products.csv"
        _write(file, number)
        before = {table: _latest(bench, table) for table in _TABLES}
        preview = _watched(bench, "import_products", str(file), "--dry-run")
        done = _watched(bench, "import_products", str(file))
    copied = _copy(bench, before)
    bench.figures["import"] = {"preview s": preview.seconds, "s": done.seconds, **copied}
    both, copy = preview.seconds + done.seconds, sum(copied.values())
    yield Finding(
        *("import", f"{short(number)} products, previewed and written, to COPY", both / copy),
        target=Target(5, 2.5),
        beside=f"{preview.seconds:.1f} + {done.seconds:.1f} s beside {copy:.2f} s",
    )
    yield Finding(
        *("import", "most memory of PostgreSQL for it", done.mib, "MiB"),
        beside=done.said.strip().splitlines()[-1],
    )


def memory(bench: Bench, _before: object) -> Iterator[Finding]:
    """Weigh the workers after some work."""
    bench.load(repeated(bench.person().get("/")))
    bench.yardsticks.hello(bench.seconds)
    ours = [usage.proportional_mib(pid) for pid in usage.children(bench.system.site_pid)]
    bare = [usage.proportional_mib(pid) for pid in usage.children(bench.yardsticks.meter.site)]
    yield Finding(
        *("memory", "a worker's own and its part of what is shared (PSS)", max(ours), "MiB"),
        target=Target(70, 45),
        beside=f"bare site {max(bare):.0f} MiB",
    )


def _latest(bench: Bench, table: str) -> int:
    with bench.system.owner() as owner:
        query = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        row = owner.execute(query).fetchone()
        return int(row[0]) if row else 0


def _watched(bench: Bench, *command: str) -> _Ran:
    """Run a management command, watching over PostgreSQL's memory."""
    done, most = threading.Event(), [0.0]
    postmaster = bench.system.meter.postgresql

    def watch() -> None:
        idle = {pid: usage.own_mib([pid]) for pid in usage.children(postmaster)}
        while not done.wait(0.05):
            now = usage.children(postmaster)
            most[0] = max(most[0], sum(usage.own_mib([p]) - idle.get(p, 0.0) for p in now))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        said = bench.system.manage(*command).stdout
    finally:
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
    return _Ran(seconds, most[0], said)


def _write(file: Path, number: int) -> None:
    """Write a table of products as somebody would send it."""
    throw = random.Random("import")  # noqa: S311 - not a secret
    with file.open("w", newline="", encoding="utf-8") as target:
        lines = csv.writer(target)
        lines.writerow(_HEADER)
        for n in range(number):
            group, place, quantity = throw.randrange(40), 1 + n % 50, 1 + n % 90
            what = f"NEW-{n:07}", f"Imported thing {n}", f"Maker {throw.randrange(50)}", f"P-{n}"
            where = f"Imports > Kind {group}", f"BENCH-{place:02}"
            lines.writerow([*what, *where, quantity, 3, "As imported"])


def _copy(bench: Bench, before: dict[str, int]) -> dict[str, float]:
    """COPY the rows that were imported into tables like theirs; return the seconds of each."""
    took = {}
    with bench.system.owner() as owner:
        owner.execute("CREATE SCHEMA copied")
        for table in _TABLES:
            took[f"COPY {table} s"] = _copy_table(owner, table, before[table])
        owner.execute("DROP SCHEMA copied CASCADE")
    return took


def _copy_table(owner: psycopg.Connection, table: str, after: int) -> float:
    here, there = sql.Identifier(table), sql.Identifier("copied", table)
    owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(there, here))
    columns = sql.SQL(", ").join(
        sql.Identifier(name)
        for (name,) in owner.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [table],
        )
    )
    out = sql.SQL("COPY (SELECT {} FROM {} WHERE id > {}) TO STDOUT (FORMAT binary)")
    data, cursor = BytesIO(), owner.cursor()
    with cursor.copy(out.format(columns, here, after)) as rows:
        for part in rows:
            data.write(part)
    began = time.perf_counter()
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(there, columns)
    with cursor.copy(into) as rows:
        rows.write(data.getbuffer())
    return time.perf_counter() - began


WHOLE = (
    Benchmark("verify", "every line and balance derived again", verify, small_verify),
    Benchmark("memory", "memory of a worker", memory),
    Benchmark("import", "100,000 products with opening stock against COPY", imports),
)
