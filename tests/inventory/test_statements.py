"""The ledger is held to a statement: what chains alone cannot show, it does."""

import base64
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from inventory_site.products.models import Location, Product
from inventory_site.stock import statements
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import receive
from tests.inventory.tampering import cut_off, forget_proofs, tamper, write_anew

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lines(laptop: Product, shelf: Location) -> list[StockTransaction]:
    """Three lines of one level."""
    return [receive(laptop, shelf, 5) for _ in range(3)]


@pytest.fixture
def file(lines: list[StockTransaction], tmp_path: Path) -> Path:
    """A statement of them."""
    path = tmp_path / "statement.json"
    call_command("export_heads", output=path)
    return path


def refused(file: Path, capsys: pytest.CaptureFixture[str], *, code: int = 1, **more: str) -> str:
    """What the command says when it ends with `code`."""
    with pytest.raises(SystemExit) as end:
        call_command("verify_ledger", against=file, **more)
    assert end.value.code == code
    return capsys.readouterr().err


def test_a_statement_says_where_every_chain_ends(
    file: Path, lines: list[StockTransaction], laptop: Product
) -> None:
    Location.objects.create(code="A1-04", name="")  # a place without stock has no chain
    said = json.loads(file.read_bytes())
    head = [lines[2].level_id, "NB-LEN-T14", "A1-03", 3, 15, bytes(lines[2].hash).hex()]
    assert said["heads"] == [head]
    assert [said[name] for name in ("site", "levels", "lines", "units")] == [
        "http://localhost:8080", 1, 3, 15,
    ]  # fmt: skip


def test_an_empty_ledger_can_be_stated(tmp_path: Path, db: None) -> None:
    call_command("export_heads", output=tmp_path / "empty.json")
    call_command("verify_ledger", against=tmp_path / "empty.json")


def test_a_ledger_that_went_on_bears_its_statement_out(
    file: Path, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    receive(lines[0].level.product, lines[0].level.location, 1)
    Product.objects.update(sku="NEW-NAME")
    call_command("verify_ledger", against=file)
    taken_at = json.loads(file.read_bytes())["taken_at"]
    assert f"1 of 1 heads of the statement of {taken_at} are still there" in capsys.readouterr().out


def test_a_tail_cut_off_with_care_is_caught(
    file: Path, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(lines[2])
    forget_proofs()
    assert verify().differences == 0
    assert (
        f"Not there any more: stock level {lines[2].level_id} (NB-LEN-T14 at A1-03), line 3,"
        " 15 on hand: its chain was cut off after line 2\n"
    ) in refused(file, capsys)


def test_a_ledger_written_anew_is_caught(
    file: Path, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    write_anew(lines[0])
    forget_proofs()
    assert verify().differences == 0
    assert "line 3, 15 on hand: that line was written anew\n" in refused(file, capsys)


def test_a_level_that_is_gone_is_caught(
    file: Path, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("DELETE FROM stock_transaction", "DELETE FROM stock_level")
    assert "line 3, 15 on hand: the stock level is gone\n" in refused(file, capsys)


def test_a_bent_statement_another_key_and_no_file_are_told_apart(
    file: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "bent").write_text(file.read_text().replace("A1-03", "A1-04"))
    assert "bent: its heads were changed after" in refused(tmp_path / "bent", capsys)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    key = base64.b64encode(other).decode()
    assert "it was signed with another key" in refused(file, capsys, public_key=key)
    assert "no Ed25519 public key" in refused(file, capsys, public_key="x")
    (tmp_path / "old").write_text(file.read_text().replace("ment/1", "ment/0"))
    assert "its format is techstock-statement/0" in refused(tmp_path / "old", capsys)
    assert "it cannot be read" in refused(tmp_path / "nowhere", capsys, code=2)
    (tmp_path / "cut").write_bytes(file.read_bytes()[:-9])
    assert "it is no JSON" in refused(tmp_path / "cut", capsys, code=2)


def test_a_statement_from_before_a_new_key_is_checked_with_the_old_one(
    file: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_heads", public_key=True)
    old = capsys.readouterr().out.strip()
    settings.STATEMENT_KEY = Ed25519PrivateKey.from_private_bytes(os.urandom(32))
    assert "it was signed with another key" in refused(file, capsys)
    call_command("verify_ledger", against=file, public_key=old)


def test_a_file_that_is_there_is_not_overwritten(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_heads", output=file)
    assert file.read_bytes() == before


def test_many_heads_are_compared_piece_by_piece(
    lines: list[StockTransaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        receive(lines[0].level.product, Location.objects.create(code=f"B-{number}", name=""), 1)
    said = json.loads(b"".join(statements.statement()))
    tamper("UPDATE stock_transaction SET balance_after = 7 WHERE quantity = 1")
    monkeypatch.setattr(statements, "AT_ONCE", 2)
    monkeypatch.setattr(statements, "NAMED", 3)
    found = statements.compare(said, statements.public_key())
    assert (found.levels, found.missing, len(found.faults)) == (5, 4, 3)
    assert found.faults[0].endswith("the balance after that line is 7 now")
