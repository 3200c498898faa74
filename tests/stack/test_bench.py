"""`make bench` at a tiny size: every benchmark runs and says something; no figure is judged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from embedded.bench.__main__ import BENCHMARKS
from embedded.bench.data import Amount
from embedded.bench.findings import Finding, Target, table
from embedded.places import ROOT
from tests.stack_fixture import clean_environment

SIZE = ("--products", "600", "--lines", "1500", "--seconds", "0.2", "--rounds", "1")
MEASURED = {benchmark.name for benchmark in BENCHMARKS}


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an environment without databases of others."""
    return subprocess.run(
        [sys.executable, "-m", "embedded.bench", *words],
        env=clean_environment(Path("/nowhere"), 1),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one run of everything wrote, and printed."""
    folder = tmp_path_factory.mktemp("bench")
    answer = bench(*SIZE, "--json", str(folder / "json"), "--log", str(folder / "log"))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    whole: dict[str, Any] = json.loads((folder / "json").read_text())
    return whole | {"printed": answer.stdout}


def test_a_benchmark_nobody_knows_is_refused_with_the_names_of_those_there_are() -> None:
    answer = bench("--only", "quick,quickly")
    assert answer.returncode == 2
    assert "there is no benchmark quickly" in answer.stderr


def test_a_miss_is_called_one_and_so_is_a_smaller_size() -> None:
    target = Target(1.2, 1.0, lines=10_000_000)
    assert target.verdict(1.21, Amount(1, 10_000_000)) == "NO"
    assert target.verdict(1.2, Amount(1, 1_000_000)) == "yes (at 1 M lines)"
    assert Target(0.6, 0.9, at_least=True).verdict(0.59, Amount(1, 1)) == "NO"
    missing = Finding("reports", "movements", target=target, beside="not there yet")
    assert "NO" not in table([missing], Amount(1, 1))


def test_every_benchmark_prints_a_row(done: dict[str, Any]) -> None:
    names = {benchmark.name for benchmark in BENCHMARKS}
    assert {finding["benchmark"] for finding in done["findings"]} == names
    rows = done["printed"].split("\n| benchmark ", 1)[1]
    assert all(f"\n| {name} " in rows for name in names)


def test_what_has_a_target_has_a_figure_beside_it(done: dict[str, Any]) -> None:
    judged = [f for f in done["findings"] if f["benchmark"] in MEASURED and f["target"]]
    assert {f["benchmark"] for f in judged} == MEASURED
    for finding in judged:
        assert isinstance(finding["value"], int | float), finding
        assert finding["met"], finding
    press = next(f for f in judged if f["benchmark"] == "quick")
    assert press["cpu_ms"] > 0
    assert press["statements"]


def test_nothing_was_lost_and_the_ledger_is_whole(done: dict[str, Any]) -> None:
    figures = {f["what"]: f["value"] for f in done["findings"]}
    assert figures["presses lost or counted twice"] == 0
    assert figures["differences found"] == 0
    assert done["conditions"]["lines"] >= 1500


def test_the_page_names_every_benchmark() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert all(f"`{benchmark.name}`" in page for benchmark in BENCHMARKS)
