"""`import_file` with everything said that would else be guessed; and headings that are blank."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory_site.imports import layouts
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.layouts import Layout
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import on_hand
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db
type Command = Callable[..., list[str]]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Import a file of these bytes with some options; return the lines that were said."""

    def run(content: bytes, *options: str) -> list[str]:
        path = tmp_path / "list.csv"
        path.write_bytes(content)
        call_command("import_file", str(path), *options)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--column", "counted"], "--column counted: say NAME=NUMBER, for example quantity=3."),
        (["--column", "counted=7"], "The file has no column 7."),
        (["--kind", "tools"], "invalid choice: 'tools'"),
        (["--encoding", "ebcdic"], "invalid choice: 'ebcdic'"),
        (["--delimiter", "pipe"], "invalid choice: 'pipe'"),
        (["--kind", "movements"], "There is no column “kind”"),
        (["--encoding", "utf-8"], "Line 2 is not UTF-8 (byte 0xE9)"),
    ],
)
def test_an_option_that_does_not_fit_is_one_sentence(
    command: Command, shelf: Location, options: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        command("sku;quantity\nCaf\xe9;7\n".encode("latin-1"), *options)
    assert sentence in str(refusal.value)


def test_kind_and_columns_are_as_they_are_said_to_be(
    command: Command, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    content = b"what,units,other\nNB-LEN-T14,3,8\n"
    said = command(content, "--kind=counts", "--column=sku=1", "--column=counted=3")
    assert said[0] == "line 2: 10 in the book, 8 counted."
    assert on_hand(laptop, shelf) == 8


def test_encoding_and_delimiter_are_as_they_are_said_to_be(
    command: Command, shelf: Location
) -> None:
    content = "name;description\nCaf\xe9, p\xf3;a,b\n".encode("cp1252")
    command(content, "--kind=products", "--encoding=mac-roman", "--delimiter=semicolon")
    assert Product.objects.get().name == content.decode("mac-roman").splitlines()[1].split(";")[0]
    command(b"name;x,description\nCable;1,red\n", "--delimiter=comma", "--column=name=1")
    assert Product.objects.get(description="red").name == "Cable;1"


def test_columns_without_a_heading_are_left_out_unless_they_are_chosen(shelf: Location) -> None:
    summary, _ = imported("name,,qty,", "Cable,blue,4,", "Mouse,,3,")
    assert (summary.created, summary.ignored_columns) == (2, [])
    chosen = layouts.complete(
        io.BytesIO(b"name,,qty\nDesk,oak,1\n"), Layout(kind="products"), {"description": 1}
    )
    assert chosen.columns == {"name": 0, "description": 1, "quantity": 2}


def test_a_file_whose_headings_are_all_blank_has_no_columns(shelf: Location) -> None:
    with pytest.raises(UnreadableFile, match="There is no column “name”"):
        imported(" , ,x", "Cable,4,")
