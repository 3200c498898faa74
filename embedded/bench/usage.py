"""What processes use: CPU time and memory, read from /proc (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds so far: of a site's workers, of all of PostgreSQL, of all of Nginx."""

    site: float
    postgresql: float
    nginx: float


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads CPU time. `site`, `postgresql` and `nginx` are the first processes of each.

    The first process of a site only watches over its workers, which are what counts; those of
    PostgreSQL come and go, and what an ended one used is added up in the first.
    """

    site: int
    postgresql: int
    nginx: int

    def read(self) -> Usage:
        """Return what was used until now."""
        return Usage(
            site=sum(map(_cpu_seconds, children(self.site))),
            postgresql=_cpu_seconds(self.postgresql, ended=True)
            + sum(map(_cpu_seconds, children(self.postgresql))),
            nginx=_cpu_seconds(self.nginx) + sum(map(_cpu_seconds, children(self.nginx))),
        )


def children(parent: int) -> list[int]:
    """Return the processes that `parent` has started and that still run."""
    lists = _PROC.glob(f"{parent}/task/*/children")
    try:
        return [int(pid) for path in lists for pid in path.read_text().split()]
    except OSError:  # a thread that has just ended
        return children(parent)


def with_word(*words: str) -> list[int]:
    """Return the processes whose command line contains all of these, oldest first."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            line = command_line(int(entry.name))
            if line and all(word in " ".join(line) for word in words):
                found.append(int(entry.name))
    return sorted(found)


def command_line(pid: int) -> list[str]:
    """Return the words that a process was started with; none when it is gone."""
    try:
        return (_PROC / str(pid) / "cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []


def proportional_mib(pid: int) -> float:
    """Return the memory of a process in MiB: what it shares counts in equal parts (PSS)."""
    return _kib(_PROC / str(pid) / "smaps_rollup", "Pss:") / 1024


def own_mib(pids: Iterable[int]) -> float:
    """Return the memory in MiB that these processes allocated themselves; 0 for the ended."""
    return sum(_kib(_PROC / str(pid) / "status", "RssAnon:") for pid in pids) / 1024


def _kib(path: Path, name: str) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _cpu_seconds(pid: int, *, ended: bool = False) -> float:
    """Return user and system time; with `ended`, also that of children that were waited for."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0.0
    values = text.rpartition(")")[2].split()  # from the third field, see proc(5)
    times = values[11:15] if ended else values[11:13]
    return sum(map(int, times)) / _TICKS
