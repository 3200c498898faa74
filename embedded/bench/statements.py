"""How many SQL statements a request takes, counted by PostgreSQL itself, apart from any timing."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

_CHANGES = re.compile(
    r"\b(insert|update|delete|merge|copy|(record|reverse|reserve|release|open|extend)_\w+)\b", re.I
)
# What the site and its worker ask every second or so in any case, whoever comes.
_BACKGROUND = ("access_cutoff", "access_publishedkeys", "imports_import", "notices_delivery")
# What deferred triggers do: PostgreSQL does it inside COMMIT, and calls it nobody's but the site's.
_TRIGGERS = re.compile(r"\b(NEW|OLD)\.")


@dataclass(slots=True)
class Counted:
    """Statements by what they do; `alive` are those that only ask whether PostgreSQL is there.

    `texts` has each statement with how often it came.
    """

    writes: int = 0
    reads: int = 0
    blocks: int = 0
    alive: int = 0
    texts: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """All of them."""
        return self.writes + self.reads + self.blocks + self.alive

    def per(self, requests: int) -> str:
        """Say it for one request: “1 write + 2 reads (+ 1 check)”."""
        writes, reads = round(self.writes / requests), round(self.reads / requests)
        words = [f"{writes} w"] if writes else []
        words += [f"{reads} r"] if reads or not words else []
        if blocks := round(self.blocks / requests):
            words += [f"{blocks} b"]
        if alive := round(self.alive / requests):
            words += [f"{alive} ping"]
        return " + ".join(words)


@contextmanager
def counting(owner: psycopg.Connection, database: str = "inventory") -> Iterator[Counted]:
    """Count what is asked of a database while the block lasts; `owner` is a superuser there."""
    counted = Counted()
    _track(owner, "top")
    owner.execute("SELECT pg_stat_statements_reset()")
    try:
        yield counted
    finally:
        _track(owner, "none")
    rows = owner.execute(
        "SELECT query, calls FROM pg_stat_statements"
        " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = %s)",
        [database],
    ).fetchall()
    for text, calls in rows:
        _add(counted, " ".join(text.split()), calls)


def _add(counted: Counted, text: str, calls: int) -> None:
    upper = text.upper()
    if "PG_STAT_STATEMENTS" in upper or any(name in text for name in _BACKGROUND):
        return
    if _TRIGGERS.search(text):
        return
    counted.texts[text] = calls
    if upper in {"SELECT $1", "SELECT 1", ""}:
        counted.alive += calls
    elif _CHANGES.search(text):
        counted.writes += calls
    elif upper.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET")):
        counted.blocks += calls
    else:
        counted.reads += calls


def _track(owner: psycopg.Connection, what: str) -> None:
    # As a default of the whole server: the site's connections stay open and take it over.
    owner.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'".encode())
    owner.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)  # until every process has heard of it
