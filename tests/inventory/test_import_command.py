"""`import_products`, as it is typed; the whole demo catalogue among others."""

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory_site.access.models import SYSTEM
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch, StockTransaction
from inventory_site.stock.verification import verify

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "embedded" / "demo"
type Command = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run it; return its exit code and the lines it said."""

    def run(*arguments: str) -> tuple[int, list[str]]:
        code = 0
        try:
            call_command("import_products", *arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert said.err == "", "a progress bar where there is no terminal"
        return code, said.out.splitlines()

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Write a file of these lines."""

    def write(*lines: str) -> str:
        path = tmp_path / "list.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read: [A-Z][a-z ]+\.$"):
        call_command("import_products", str(tmp_path / name))


def test_an_unreadable_file_and_an_unknown_location_are_one_sentence(
    file: Callable[..., str],
) -> None:
    with pytest.raises(CommandError, match="no column “name”"):
        call_command("import_products", file("sku", "A"))
    with pytest.raises(CommandError, match="There is no location “Z9”"):
        call_command("import_products", file("name", "A"), "--location", "Z9")


def test_refused_rows_are_named_and_the_exit_code_is_1(
    file: Callable[..., str], command: Command, shelf: Location
) -> None:
    path = file("name,qty,colour", "Cable,many,", "Mouse,3,", "Mouse,4,")
    code, said = command(path)
    assert code == 1
    assert said[0].startswith("line 2: qty: “many” is not a whole number")
    assert said[1:] == [
        "line 4: SKU MOUSE-2, because line 3 took MOUSE.",
        "Ignored columns: colour",
        "3 rows: 2 new with 7 units, 0 unchanged, 1 refused",
        "Nothing was imported, because rows are refused (--good-rows)",
    ]
    assert not Product.objects.exists()
    code, said = command(path, "--good-rows")
    assert (code, said[-1]) == (1, f"2 rows imported (batch {Batch.objects.get().pk})")
    assert Product.objects.count() == 2


def test_a_dry_run_writes_nothing(
    file: Callable[..., str], command: Command, shelf: Location
) -> None:
    code, said = command(file("name,qty", "Mouse,3"), "--dry-run")
    assert (code, said[-1]) == (0, "Nothing was written: this was a dry run")
    assert not Product.objects.exists()


def test_standard_input_goes_to_the_location_that_is_named(
    command: Command, shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    Location.objects.create(code="B2")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name,qty\nMouse,3\n")))
    assert command("-", "--location", "a1-03") == (
        0,
        [
            "1 row: 1 new with 3 units, 0 unchanged, 0 refused",
            f"1 row imported (batch {Batch.objects.get().pk})",
        ],
    )
    line = StockTransaction.objects.get()
    assert (line.actor_id, line.level.location) == (SYSTEM.id, shelf)


def test_every_row_of_the_real_catalogue_is_imported_once(command: Command) -> None:
    with (DEMO / "locations.csv").open(encoding="utf-8") as places:
        codes = [row["code"] for row in csv.DictReader(places)]
    Location.objects.bulk_create([Location(code=code) for code in codes])
    with (DEMO / "catalogue.csv").open(encoding="utf-8") as rows:
        quantities = [int(row["quantity"]) for row in csv.DictReader(rows)]
    code, said = command(str(DEMO / "catalogue.csv"))
    assert code == 0
    assert said[-1] == f"{len(quantities)} rows imported (batch {Batch.objects.get().pk})"
    assert said[-2] == (
        f"{len(quantities)} rows: {len(quantities)} new with {sum(quantities)} units,"
        " 0 unchanged, 0 refused"
    )
    assert all(" because line " in line for line in said[:-2])
    proof = verify()
    assert (proof.transactions, proof.differences) == (sum(map(bool, quantities)), 0)
    assert command(str(DEMO / "catalogue.csv")) == (
        0,
        [
            f"{len(quantities)} rows: 0 new with 0 units, {len(quantities)} unchanged, 0 refused",
            "0 rows imported",
        ],
    )
