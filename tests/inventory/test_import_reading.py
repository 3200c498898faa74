"""Reading a file: what is refused, with its line, and every shape that files have."""

import io

import openpyxl
import pytest

from inventory_site.imports import layouts
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.layouts import Layout

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "The file is empty."),
    "white space": (b"\n  \n\n", "The file is empty."),
    "only a mark": (b"\xef\xbb\xbf", "The file is empty."),
    "only a header": (b"name,sku\n", "The file has a header line and no rows."),
    "no name column": (b"sku,colour\nA,red\n", "There is no column “name”"),
    "a name twice": (b"name,qty,quantity\nA,1,1\n", "“qty” and “quantity” mean the same"),
    "a quote left open": (b'name,description\nA,"no end\nB,\n', "opened in the row at line 2"),
    "one endless line": (b"name\n" + b"x" * (1 << 21), "Line 2"),
    "a picture": (b"\x89PNG\0\0\0\rIHDR\0\0\0", "neither a CSV file nor an Excel file"),
    "a broken workbook": (b"PK\x03\x04 and no more", "Excel"),
}


def rows_of(content: bytes) -> list[tuple[object, ...]]:
    stream = io.BytesIO(content)
    return list(layouts.rows_of(stream, layouts.complete(stream, Layout(kind="products"))))


def names(content: bytes) -> list[tuple[object, object]]:
    return [(row.name, row.description) for row in rows_of(content)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(case: str) -> None:
    content, sentence = UNREADABLE[case]
    with pytest.raises(UnreadableFile) as refusal:
        rows_of(content)
    assert sentence in str(refusal.value)


TEXT = "nome;descrição\nCabo elétrico;“até 3 m” – não dobrar\nSuporte;Preço: 5 €, ação rápida\n"
WANTED = [
    ("Cabo elétrico", "“até 3 m” – não dobrar"),
    ("Suporte", "Preço: 5 €, ação rápida"),
]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_line_end_and_delimiter_is_told_apart(
    encoding: str, end: str, delimiter: str
) -> None:
    lines = [line.split(";") for line in TEXT.splitlines()]
    cells = [[f'"{cell}"' for cell in line] for line in lines]
    text = end.join(delimiter.join(line) for line in cells) + end
    assert names(text.encode(encoding)) == WANTED


def test_a_quoted_line_break_stays_in_its_cell_and_lines_are_counted_on() -> None:
    rows = rows_of(b'name,description\n"Cable","red\nand blue"\nMouse,\n')
    assert [row.line for row in rows] == [2, 4]  # type: ignore[attr-defined]


@pytest.mark.parametrize("damaged", ["6.37702E+15", "6,37702E+15", "1.0"])
def test_a_number_that_a_spreadsheet_has_damaged_is_flagged_not_guessed(damaged: str) -> None:
    row = rows_of(f'name;part number\nCable;"{damaged}"\n'.encode())[0]
    assert damaged in row.problem  # type: ignore[attr-defined]
    assert row.part_number != damaged  # type: ignore[attr-defined]


def test_a_workbook_is_read_like_any_other_list() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["name", "description", "qty"], ["Cabo elétrico", "3 m", 12], ["Mouse", None, 3]):
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    rows = rows_of(file.getvalue())
    found = [(row.line, row.name, row.quantity, row.problem) for row in rows]  # type: ignore[attr-defined]
    assert found == [(2, "Cabo elétrico", 12, ""), (3, "Mouse", 3, "")]
