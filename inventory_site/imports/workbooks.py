"""Excel workbooks (.xlsx) as tables: the first sheet that is not hidden, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from inventory_site.imports.cells import DateText
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.tables import Record

MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 1 << 29
"""Of one part of the file, in bytes: a workbook that unpacks to more is not a list of stock."""
MOST_SHARED = 1 << 26
"""Of the table of texts that cells share, which is held in memory."""
MOST_ROWS = 1_048_576
WHOLE = 10**15
"""Excel keeps fifteen digits of a number: from here on the last ones are lost."""
_UNFIT = re.compile("[\0\ud800-\udfff]")


class WorkbookTable:
    """A workbook; `position` counts rows, `size` is 0 where the file does not say how many."""

    unit = ""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        _refuse_bombs(stream)
        stream.seek(0)
        try:
            book = load_workbook(stream, read_only=True, data_only=True)
        except Exception as error:  # openpyxl lets through whatever its parsers raise
            raise UnreadableFile(damaged()) from error
        sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        if not seen:
            raise UnreadableFile(_("The file is empty."))
        self.title = str(seen[0].title)
        self.size = seen[0].max_row or 0
        self.position = 0
        self.has_nul = True  # any row may have one: each is looked at
        seen[0].reset_dimensions()
        self._rows = self._read(seen[0])
        first = next(self._rows, None)
        if first is None:
            raise UnreadableFile(_("The file is empty."))
        self.header = first.cells
        while self.header and not self.header[-1]:
            self.header.pop()

    def __iter__(self) -> Iterator[Record]:
        """Yield the rows that are not blank."""
        return self._rows

    def _read(self, sheet: ReadOnlyWorksheet) -> Iterator[Record]:
        try:
            for self.position, values in enumerate(
                cast("Any", sheet).iter_rows(values_only=True), start=1
            ):
                if self.position > MOST_ROWS:
                    raise UnreadableFile(damaged())
                cells = [text_of(value) for value in values]
                if any(cells):
                    yield Record(self.position, cells)
        except UnreadableFile:
            raise
        except Exception as error:
            raise UnreadableFile(damaged()) from error


def damaged() -> str:
    """Return the sentence for a file that claims to be a workbook and is none."""
    return _("This Excel file cannot be read: save it again as .xlsx, or as “CSV UTF-8”.")


def _refuse_bombs(stream: BinaryIO) -> None:
    """Refuse a file that is no workbook, or that unpacks to something enormous."""
    try:
        parts = {part.filename: part.file_size for part in ZipFile(stream).infolist()}
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFile(damaged()) from error
    if "xl/workbook.xml" not in parts:
        raise UnreadableFile(damaged())
    shared = parts.get("xl/sharedStrings.xml", 0)
    if max(parts.values()) > MOST_UNPACKED or shared > MOST_SHARED:
        raise UnreadableFile(_("This Excel file is too large: save it as “CSV UTF-8”."))


def text_of(value: Any) -> str:
    """Return what a person would have typed into the cell, or what shows that Excel changed it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _UNFIT.sub(lambda _match: "\0", value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return DateText(value) if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    """Write a number with all its digits, or as Excel shows one that has lost some."""
    if abs(value) >= WHOLE:
        return f"{value:.5E}"
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return f"{value:.4f}" if len(text.partition(".")[2]) == 3 else text  # 1.234 is no thousand
