"""Excel files that are small on disk and enormous in memory, or that Excel itself has damaged."""

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from inventory_site.imports import layouts, workbooks
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.layouts import Layout
from inventory_site.imports.workbooks import WorkbookTable

TOO_LARGE = "This Excel file is too large"


def workbook(*rows: list[object]) -> bytes:
    """A workbook of one sheet."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def changed(content: bytes, name: str, old: bytes = b"", new: bytes = b"") -> bytes:
    """The same with another text in one of its parts, which is added where there is none."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        parts = {part: before.read(part) for part in before.namelist()}
        parts[name] = parts.get(name, b"").replace(old, new) if old else new
        for part, text in parts.items():
            after.writestr(part, text)
    return file.getvalue()


def lines(content: bytes) -> list[list[str]]:
    """The cells of every row, the header first."""
    table = WorkbookTable(io.BytesIO(content))
    return [table.header, *(row.cells for row in table)]


GOOD = workbook(["name", "qty"], ["Cable", 4])
SHEET = "xl/worksheets/sheet1.xml"
BLANKS = b" " * 200_000
"""Three hundred bytes of the file, and more than is allowed here."""


@pytest.mark.parametrize(
    "name", ["xl/styles.xml", "xl/theme/theme1.xml", "[Content_Types].xml", "xl/worksheets/x.xml"]
)
def test_a_part_that_would_fill_the_memory_is_refused_whatever_it_is_called(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(workbooks, "MOST_HELD", 100_000)
    hostile = changed(GOOD, name, b">", b">" + BLANKS) if name[3] != "w" else GOOD
    hostile = changed(hostile, name, new=BLANKS) if "x.xml" in name else hostile
    assert len(hostile) < 100_000
    with pytest.raises(UnreadableFile, match=TOO_LARGE):
        lines(hostile)


def test_shared_texts_that_pass_for_a_sheet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_HELD", 100_000)
    name = "xl/worksheets/sheet9.xml"
    hostile = changed(GOOD, "[Content_Types].xml", b"/xl/sharedStrings.xml", f"/{name}".encode())
    with pytest.raises(UnreadableFile, match=TOO_LARGE):
        lines(changed(hostile, name, new=b"<sst/>" + BLANKS))


def test_a_sheet_may_be_long_but_all_parts_together_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "MOST_HELD", 100_000)
    long = changed(GOOD, SHEET, b"<sheetData>", b"<sheetData>" + BLANKS)
    assert lines(long) == [["name", "qty"], ["Cable", "4"]]
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 100_000)
    with pytest.raises(UnreadableFile, match=TOO_LARGE):
        lines(long)


def test_a_cell_in_the_last_column_does_not_make_sixteen_thousand_of_its_row() -> None:
    formatted = changed(GOOD, SHEET, b"</row>", b'<c r="XFD2" s="0"/></row>')
    assert [len(row) for row in lines(formatted)] == [2, workbooks.MOST_COLUMNS]
    filled = changed(GOOD, SHEET, b"</row>", b'<c r="XFD2"><v>1</v></c></row>')
    with pytest.raises(UnreadableFile, match="Line 1 has more than 256 columns"):
        lines(filled)


def test_a_workbook_without_a_list_of_its_parts_is_damaged() -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        lines(changed(GOOD, "[Content_Types].xml", new=b"no XML"))


@pytest.mark.parametrize(
    ("number", "shown"),
    [(6377020000000001, "6.37702E+15"), (1e15, "1.00000E+15"), (6.37702e15, "6.37702E+15")],
)
def test_a_number_that_excel_has_shortened_is_flagged_not_guessed(
    number: float, shown: str
) -> None:
    stream = io.BytesIO(workbook(["name", "part number"], ["Cable", number]))
    row: Any
    (row,) = layouts.rows_of(stream, layouts.complete(stream, Layout(kind="products")))
    assert f"“{shown}” is what a spreadsheet made of a long number" in row.problem
    assert row.part_number == ""


def test_a_number_with_all_its_digits_is_the_code_and_a_date_is_none() -> None:
    good = workbook(["name", "part number"], ["Cable", 123456789012345])
    assert lines(good)[1] == ["Cable", "123456789012345"]
