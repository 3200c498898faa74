"""What was found: one figure a row, beside what it should be, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from embedded.bench.data import Amount


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach (`wanted`), and where the project is going (`moonshot`).

    `at_least`: more is better. It counts for `lines` of the ledger and `products`, where given.
    """

    wanted: float
    moonshot: float
    at_least: bool = False
    lines: int = 0
    products: int = 0

    def verdict(self, value: float, amount: Amount) -> str:
        """Say whether `value` will do, and of how much that holds where it was measured on less."""
        if self._reached(value, self.moonshot):
            word = "moonshot"
        else:
            word = "yes" if self._reached(value, self.wanted) else "NO"
        few = []
        if amount.lines < self.lines:
            few.append(f"{short(amount.lines)} lines")
        if amount.products < self.products:
            few.append(f"{short(amount.products)} products")
        return f"{word} (at {', '.join(few)})" if few else word

    def _reached(self, value: float, bound: float) -> bool:
        return value >= bound if self.at_least else value <= bound


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: a figure with its unit (“×” is a ratio), and what it was made of in `beside`.

    `cpu_ms` is what the site's workers spent on a request, `statements` what it asked PostgreSQL. A
    row without a figure says in `beside` why.
    """

    benchmark: str
    what: str
    value: float | None = None
    unit: str = "×"
    target: Target | None = None
    beside: str = ""
    cpu_ms: float | None = None
    statements: str = ""


COLUMNS = ("benchmark", "what", "figure", "target", "met", "measured", "CPU ms", "SQL")


def table(findings: list[Finding], amount: Amount) -> str:
    """Return the findings as a table for a terminal; it is Markdown too."""
    rows = [_cells(finding, amount) for finding in findings]
    widths = [max(len(row[n]) for row in [COLUMNS, *rows]) for n in range(len(COLUMNS))]
    line = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([_line(COLUMNS, widths), f"|{line}|", *(_line(row, widths) for row in rows)])


def as_json(findings: list[Finding], amount: Amount) -> list[dict[str, Any]]:
    """Return the findings for a machine to read."""
    return [asdict(f) | {"met": _verdict(f, amount)} for f in findings]


def short(number: float) -> str:
    """Return a large number as people say it: 10 k, 1.5 M."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if number >= size:
            return f"{number / size:.3g} {letter}"
    return f"{number:.3g}"


def figure(value: float, unit: str) -> str:
    """Return a value with its unit, as many digits as mean something."""
    text = f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
    if value == int(value) and value < 100:
        text = str(int(value))
    return f"{text} {unit}".rstrip()


def _cells(finding: Finding, amount: Amount) -> tuple[str, ...]:
    f, target = finding, finding.target
    sign = "≥" if target and target.at_least else "≤"
    return (
        f.benchmark,
        f.what,
        "–" if f.value is None else figure(f.value, f.unit),
        f"{sign} {figure(target.wanted, f.unit)}" if target else "",
        _verdict(finding, amount),
        f.beside,
        "" if f.cpu_ms is None else f"{f.cpu_ms:.2f}",
        f.statements,
    )


def _verdict(finding: Finding, amount: Amount) -> str:
    if finding.target is None or finding.value is None:
        return ""
    return finding.target.verdict(finding.value, amount)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "| " + " | ".join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True)) + " |"
