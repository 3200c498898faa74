"""What the page shows of an import, and the report that names every row."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from inventory_site.imports.exports import safe
from inventory_site.imports.outcomes import Outcome, Result, Summary

SHOWN = 200
"""How many rows of each sort the page names; the report names all."""


@dataclass(slots=True)
class Findings:
    """The numbers of an import, and the first rows of each sort."""

    summary: Summary = field(default_factory=Summary)
    refused: list[Outcome] = field(default_factory=list)
    noted: list[Outcome] = field(default_factory=list)
    created: list[Outcome] = field(default_factory=list)
    changed: list[Outcome] = field(default_factory=list)

    def show(self, outcome: Outcome) -> None:
        """Show a row too, if it is among the first of its sort."""
        result = outcome.result
        if result is Result.CREATED:
            _add(self.created, outcome)
            if outcome.note:
                _add(self.noted, outcome)
        elif result is Result.REFUSED:
            _add(self.refused, outcome)
        elif result is Result.CHANGED:
            _add(self.changed, outcome)

    def kept(self) -> dict[str, Any]:
        """Return them as JSON can hold them."""
        return {
            "summary": asdict(self.summary),
            **{sort: [list(row) for row in getattr(self, sort)] for sort in _SORTS},
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> Findings:
        """Return the findings that were `kept`."""
        findings = cls(summary=Summary(**kept["summary"]))
        for sort in _SORTS:
            rows = [Outcome(line, Result(result), *rest) for line, result, *rest in kept[sort]]
            setattr(findings, sort, rows)
        return findings


_SORTS = ("refused", "noted", "created", "changed")


def _add(rows: list[Outcome], outcome: Outcome) -> None:
    if len(rows) < SHOWN:
        rows.append(outcome)


@contextmanager
def reporting(report: io.BytesIO) -> Iterator[Callable[[Outcome], None]]:
    """Write the report, a line for every outcome: gzipped CSV in UTF-8 (with a mark, for Excel)."""
    with gzip.open(report, "wt", 1, encoding="utf-8-sig", newline="") as text:
        write = csv.writer(text).writerow
        write(["line", "result", "code", "units", "note"])

        def note(outcome: Outcome) -> None:
            line, result, code, _name, units, words = outcome
            write([line, result.value, safe(code), units, safe(words)])

        yield note


def unpacked(report: bytes) -> Iterator[bytes]:
    """Yield a report, unpacked."""
    with gzip.open(io.BytesIO(report)) as text:
        while piece := text.read(65_536):
            yield piece
