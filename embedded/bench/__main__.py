"""`python -m embedded.bench`: what `make bench` runs."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from embedded.bench.acts import ACTS
from embedded.bench.bench import Bench, Benchmark
from embedded.bench.data import SMALL, Amount, Data
from embedded.bench.findings import Finding, as_json, short, table
from embedded.bench.load import Refused
from embedded.bench.pages import PAGES
from embedded.bench.system import System, system
from embedded.bench.whole import WHOLE
from embedded.bench.yardsticks import yardsticks
from embedded.console import Console
from embedded.processes import StartError

BENCHMARKS = (*ACTS, *PAGES, *WHOLE)


def main() -> int:
    """Measure what the command line asks for; print the table and write the JSON."""
    options = _parser().parse_args()
    chosen = [benchmark for benchmark in BENCHMARKS if benchmark.name in options.only]
    wanted = Amount(options.products, options.lines)
    try:
        with system(options.log) as running:
            findings, amount, bench = _measured(running, chosen, wanted, options)
            conditions = _conditions(running, amount, options.seconds)
    except (StartError, Refused) as error:
        sys.exit(f"\n{error}")
    print(f"\n{_told(conditions)}\n\n{table(findings, amount)}")
    if options.json:
        whole = {
            "conditions": conditions,
            "findings": as_json(findings, amount),
            "figures": bench.figures,
        }
        options.json.write_text(json.dumps(whole, indent=1, default=str) + "\n")
    return 0


def _measured(
    running: System, chosen: Sequence[Benchmark], wanted: Amount, options: argparse.Namespace
) -> tuple[list[Finding], Amount, Bench]:
    """Measure on a small amount what needs comparing, grow the data, then measure everything."""
    console, data = Console(), Data(running)
    small = Amount(min(SMALL.products, wanted.products), min(SMALL.lines, wanted.lines))
    with console.step("Loading a little"):
        data.grow(small, days=(400, 366))
    with yardsticks(running, levels=wanted.products) as beside:
        bench = Bench(running, data, beside, options.seconds, options.rounds)
        before = {}
        for benchmark in chosen:
            if benchmark.before:
                with console.step(f"{benchmark.name}, on a little"):
                    before[benchmark.name] = benchmark.before(bench)
        with console.step(
            f"Loading {short(wanted.products)} products, {short(wanted.lines)} lines"
        ):
            data.grow(wanted, days=(365, 1))
        findings: list[Finding] = []
        for benchmark in chosen:
            with console.step(f"{benchmark.name}: {benchmark.about}"):
                findings += benchmark.run(bench, before.get(benchmark.name))
        return findings, data.amount, bench


def _conditions(running: System, amount: Amount, seconds: float) -> dict[str, Any]:
    with running.owner() as owner:
        version = owner.info.server_version
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "products": amount.products,
        "lines": amount.lines,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": f"{version // 10000}.{version % 10000}",
        "seconds of a round": seconds,
    }


def _told(conditions: dict[str, Any]) -> str:
    c = conditions
    return (
        f"{short(c['products'])} products, {short(c['lines'])} lines; {c['cores']} cores, "
        f"Python {c['python']}, PostgreSQL {c['postgresql']}. Only ratios count: absolute figures "
        "change with the machine and with what else it does."
    )


def _parser() -> argparse.ArgumentParser:
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(
        prog="python -m embedded.bench",
        description="Measure the real system on generated data, beside yardsticks in the same run.",
        epilog="\n".join(f"  {b.name:<8}  {b.about}" for b in BENCHMARKS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", type=_names, default=names, metavar="NAME,…", help="these benchmarks (below) only"
    )
    parser.add_argument("--products", type=_count, default=100_000, help="default: %(default)s")
    parser.add_argument("--lines", type=_count, default=1_000_000, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round of load")
    parser.add_argument("--rounds", type=int, default=3, help="of what is compared, in turn")
    parser.add_argument("--json", type=Path, help="write everything measured into this file")
    parser.add_argument("--log", type=Path, help="keep what the system says in this file")
    return parser


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = set(names) - {benchmark.name for benchmark in BENCHMARKS}
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no benchmark {', '.join(sorted(unknown))}")
    return names or [benchmark.name for benchmark in BENCHMARKS]


def _count(text: str) -> int:
    number = int(text.replace("_", ""))
    if not 500 <= number <= 50_000_000:
        raise argparse.ArgumentTypeError("from 500 to 50,000,000")
    return number


if __name__ == "__main__":
    sys.exit(main())
