"""Excel workbooks (.xlsx) as tables: the first sheet that is not hidden, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, cast
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.packaging.manifest import Manifest
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import ARC_CONTENT_TYPES, WORKSHEET_TYPE
from openpyxl.xml.functions import fromstring

from inventory_site.imports.cells import DateText
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.tables import Record

MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 1 << 29
"""Of all its parts together, in bytes: a workbook that unpacks to more is no list of stock."""
MOST_HELD = 1 << 26
"""Of each part but the sheets, which are read as they come: all others are held in memory."""
MOST_ROWS = 1_048_576
MOST_COLUMNS = 256
"""A sheet has 16,384: a single cell in the last one makes its row as wide."""
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
                cells = [text_of(value) for value in self._within_bounds(values)]
                if any(cells):
                    yield Record(self.position, cells)
        except UnreadableFile:
            raise
        except Exception as error:
            raise UnreadableFile(damaged()) from error

    def _within_bounds(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Cut off cells that are only formatted, far to the right; refuse a row that ends there."""
        beyond = values[MOST_COLUMNS:]
        if beyond.count(None) != len(beyond):
            sentence = _("Line %(line)s has more than %(most)s columns: this is no list.")
            numbers = {"line": self.position, "most": MOST_COLUMNS}
            raise UnreadableFile(sentence % numbers)
        return values[:MOST_COLUMNS] if beyond else values


def damaged() -> str:
    """Return the sentence for a file that claims to be a workbook and is none."""
    return _("This Excel file cannot be read: save it again as .xlsx, or as “CSV UTF-8”.")


def _refuse_bombs(stream: BinaryIO) -> None:
    """Refuse a file that is no workbook, or that unpacks to something enormous."""
    too_large = UnreadableFile(_("This Excel file is too large: save it as “CSV UTF-8”."))
    try:
        archive = ZipFile(stream)
        sizes = [(part.filename, part.file_size) for part in archive.infolist()]
        if sum(size for _name, size in sizes) > MOST_UNPACKED:
            raise too_large
        if max(size for name, size in sizes if name == ARC_CONTENT_TYPES) > MOST_HELD:
            raise too_large
        tree = fromstring(archive.read(ARC_CONTENT_TYPES))
        types = cast("Any", Manifest).from_tree(tree)
    except UnreadableFile:
        raise
    except Exception as error:  # whatever these parsers raise
        raise UnreadableFile(damaged()) from error
    if "xl/workbook.xml" not in dict(sizes):
        raise UnreadableFile(damaged())
    others = {part.PartName[1:] for part in types.Override if part.ContentType != WORKSHEET_TYPE}
    sheets = {part.PartName[1:] for part in types.Override} - others
    if any(size > MOST_HELD for name, size in sizes if name not in sheets):
        raise too_large


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
