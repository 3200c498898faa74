"""A statement is checked offline by a page of Python that knows nothing of us."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inventory_site.products.models import Location, Product
from inventory_site.stock import statements
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parents[2] / "docs"


def checked(file: Path, key: str, code: int) -> str:
    """What the checker prints, with nothing of ours within its reach."""
    command = [sys.executable, "-I", str(DOCS / "check_statement.py"), str(file), key]
    done = subprocess.run(command, cwd=file.parent, env={}, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def said(laptop: Product, shelf: Location) -> dict[str, Any]:
    """A statement about one level with two lines."""
    receive(laptop, shelf, 5)
    receive(laptop, shelf, 2)
    return dict(json.loads(b"".join(statements.statement())))


def write(said: object, folder: Path) -> Path:
    file = folder / "statement.json"
    file.write_text(json.dumps(said))
    return file


def another_key() -> str:
    key = Ed25519PrivateKey.generate().public_key()
    return base64.b64encode(key.public_bytes_raw()).decode()


def test_a_good_statement_is_good(said: dict[str, Any], tmp_path: Path) -> None:
    shown = checked(write(said, tmp_path), statements.public_key(), 0)
    assert shown == f"Good: http://localhost:8080 at {said['taken_at']}\n"
    statements.check(said, statements.public_key())


def changed(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda said: said.update({name: value})


def head_changed(place: int, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda said: said["heads"][0].__setitem__(place, value)


TAMPERINGS: dict[str, Callable[[dict[str, Any]], object]] = {
    **{name: changed(name, "x") for name in ("site", "taken_at", "digest")},
    **{name: changed(name, 8) for name in ("levels", "lines", "units")},
    "signature": changed("signature", base64.b64encode(bytes(64)).decode()),
    "no signature": changed("signature", "nonsense"),
    **{f"head {place}": head_changed(place, 9) for place in range(6)},
    "head left out": changed("heads", []),
    "head of another shape": changed("heads", [[1, "A", "B", 2, 7]]),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_statement_is_bad(what: str, said: dict[str, Any], tmp_path: Path) -> None:
    TAMPERINGS[what](said)
    shown = checked(write(said, tmp_path), statements.public_key(), 1)
    assert re.fullmatch(r"BAD: its (header was|heads were) changed after it was signed\n", shown)
    with pytest.raises(statements.BadStatement, match=shown[5:-1]):
        statements.check(said, statements.public_key())


def test_another_key_and_another_format_are_bad(said: dict[str, Any], tmp_path: Path) -> None:
    file = write(said, tmp_path)
    assert "signed with another key" in checked(file, another_key(), 1)
    older = write(said | {"format": "techstock-statement/0"}, tmp_path)
    assert checked(older, statements.public_key(), 1) == (
        "BAD: its format is techstock-statement/0, and this checks only techstock-statement/1\n"
    )


@pytest.mark.parametrize("what", [[], {}, 1, {"format": "techstock-statement/1"}])
def test_what_is_no_statement_is_bad(what: object, tmp_path: Path) -> None:
    assert "BAD: " in checked(write(what, tmp_path), statements.public_key(), 1)
    with pytest.raises(statements.BadStatement):
        statements.check(what, statements.public_key())


def test_what_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    assert "Unreadable: " in checked(tmp_path / "nowhere", another_key(), 2)
    (tmp_path / "cut").write_text('{"format": "tech')
    assert "Unreadable: " in checked(tmp_path / "cut", another_key(), 2)


def test_the_example_of_the_documentation_is_good(tmp_path: Path) -> None:
    text = (DOCS / "statements.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    said = json.loads(example)
    checked(write(said, tmp_path), said["public_key"], 0)
    statements.check(said, said["public_key"])
    described = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert described == list(said)
    assert len((DOCS / "check_statement.py").read_text().splitlines()) <= 50
