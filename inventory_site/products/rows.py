"""From a CSV file to typed rows: what it holds, and per row what is wrong with it.

Knows files, not products: whether a SKU is free or a location exists is asked elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from inventory_site.stock.kinds import MAX_QUANTITY

COLUMNS: dict[str, tuple[str, ...]] = {
    "sku": ("sku",),
    "name": ("name", "model", "nome", "modelo"),
    "manufacturer": ("manufacturer", "maker", "fabricante"),
    "part_number": ("part number", "mpn", "código do fabricante"),
    "category": ("category", "kind", "categoria"),
    "description": ("description", "descrição"),
    "location": ("location", "localização"),
    "quantity": ("quantity", "qty", "on hand", "quantidade", "estoque"),
    "reorder_point": ("reorder point", "minimum", "min", "mínimo"),
}
"""What is read, and the names it goes by; case, accents, spaces, `_` and `-` do not matter."""

MOST = {"name": 120, "manufacturer": 80, "part_number": 80, "description": 2000}
"""Most characters each holds, as in the models."""
MOST_IN_BRANCH, DEEPEST_BRANCH = 80, 8
DELIMITERS = ",;\t"
LONGEST_LINE = 1 << 20


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text is one sentence for the person who chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: `line` is where it begins in the file, `problem` what is wrong with it, else empty.

    Texts have their white space tidied; the category is a path from the top; numbers are in units.
    """

    line: int
    sku: str = ""
    name: str = ""
    manufacturer: str = ""
    part_number: str = ""
    category: tuple[str, ...] = ()
    description: str = ""
    location: str = ""
    quantity: int = 0
    reorder_point: int = 0
    problem: str = ""


class RowReader:
    """The rows of a CSV file, one after another, whatever its size; `stream` is closed at the end.

    UTF-8 with or without a byte order mark; comma, semicolon or tab; any line ends. Making one
    reads the header, going through it the rest; both raise `UnreadableFile`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = _Lines(stream)
        first = next((line for line in self._lines if line.strip()), None)
        if first is None:
            raise UnreadableFile(_("The file is empty."))
        delimiter = max(DELIMITERS, key=lambda mark: len(_known(_cells_of(first, mark))))
        self._csv = csv.reader(chain([first], self._lines), delimiter=delimiter, strict=True)
        try:
            self._header = [_tidy(cell) for cell in self._next_cells()]
        except _MisplacedQuote as error:
            raise UnreadableFile(_misplaced(self._lines.number, self._lines.number)) from error
        self._columns = _columns(self._header)
        self._width = max(i for i, name in enumerate(self._header, start=1) if name)

    @property
    def ignored(self) -> list[str]:
        """The columns that nothing is known about."""
        used = self._columns.values()
        return [name for i, name in enumerate(self._header) if name and i not in used]

    @property
    def bytes_read(self) -> int:
        """How far in the file we are."""
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[Row]:
        is_empty = True
        while True:
            line = self._lines.number + 1
            try:
                cells = self._next_cells()
            except StopIteration:
                break
            except _MisplacedQuote:
                is_empty = False
                yield Row(line=line, problem=_misplaced(line, self._lines.number))
                continue
            if any(cell.strip() for cell in cells):
                is_empty = False
                yield self._row(line, cells)
        if is_empty:
            raise UnreadableFile(_("The file has a header line and no rows."))

    def _next_cells(self) -> list[str]:
        line = self._lines.number + 1
        try:
            return next(self._csv)
        except csv.Error as error:
            if "expected after" in str(error):
                raise _MisplacedQuote from error
            if "unexpected end" in str(error):
                sentence = _("A quotation mark opened in the row at line %(line)s is never closed.")
            else:
                sentence = _("Line %(line)s has a cell of more than %(most)s characters.")
            numbers = {"line": line, "most": localize(csv.field_size_limit())}
            raise UnreadableFile(sentence % numbers) from error

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        if len(cells) < self._width or any(cell.strip() for cell in cells[len(self._header) :]):
            sentence = _("There are %(cells)s cells here, and %(columns)s columns in the header.")
            counts = {"cells": len(cells), "columns": self._width}
            return Row(line=line, problem=sentence % counts)
        return _Cells(self._header, self._columns, cells).row(line)


class _MisplacedQuote(Exception):
    """A row that breaks off at a quotation mark; the next line can be read again."""


def _misplaced(first: int, last: int) -> str:
    sentence = _(
        "A quotation mark is in the wrong place; inside a quoted text it is written twice."
    )
    if first == last:
        return sentence
    return sentence + " " + _("Everything up to line %(line)s was skipped.") % {"line": last}


class _Lines:
    """The lines of a stream as text with their ends: `number` of them so far, `bytes_read` long."""

    def __init__(self, stream: BinaryIO) -> None:
        # Bad bytes are let through as surrogates, to be named together with their line.
        self._text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        self.number = self.bytes_read = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            self._text.close()
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_LINE:
            sentence = _("Line %(line)s is longer than a megabyte: this is not a CSV file.")
            raise UnreadableFile(sentence % {"line": self.number})
        self.bytes_read += len(line) if line.isascii() else self._encoded_length(line)
        if self.number == 1 and "\0" in line:
            raise UnreadableFile(_("This is not a CSV file in UTF-8: save it as “CSV UTF-8”."))
        return line

    def _encoded_length(self, line: str) -> int:
        try:
            return len(line.encode())
        except UnicodeEncodeError as error:
            sentence = _(
                "Line %(line)s is not UTF-8 (byte 0x%(byte)s): save the file as “CSV UTF-8” and"
                " choose it again."
            )
            byte = f"{ord(line[error.start]) - 0xDC00:02X}"
            raise UnreadableFile(sentence % {"line": self.number, "byte": byte}) from error


class _Cells:
    """The cells of one row, while they become a `Row`."""

    def __init__(
        self, header: Sequence[str], columns: dict[str, int], cells: Sequence[str]
    ) -> None:
        self._header, self._columns, self._cells = header, columns, cells
        self._problems: list[str] = []

    def row(self, line: int) -> Row:
        if any("\0" in cell for cell in self._cells):
            self._cells = [cell.replace("\0", "") for cell in self._cells]
            self._problems.append(_("There is a NUL character in this row."))
        name = self._text("name")
        if not name:
            self._problems.append(_("A product needs a name, and there is none."))
        return Row(
            line=line,
            sku=_tidy(self._raw("sku")),
            name=name,
            manufacturer=self._text("manufacturer"),
            part_number=self._text("part_number"),
            category=self._path(),
            description=self._fitting("description", self._raw("description")),
            location=_tidy(self._raw("location")),
            quantity=self._number("quantity"),
            reorder_point=self._number("reorder_point"),
            problem=" ".join(self._problems),  # last: the others add to it
        )

    def _raw(self, column: str) -> str:
        i = self._columns.get(column)
        return "" if i is None else self._cells[i].strip()

    def _text(self, column: str) -> str:
        return self._fitting(column, _tidy(self._raw(column)))

    def _fitting(self, column: str, text: str) -> str:
        if len(text) > MOST[column]:
            self._complain(column, _too_long(len(text), MOST[column]))
        return text[: MOST[column]]

    def _path(self) -> tuple[str, ...]:
        text = self._raw("category")
        if not text:
            return ()
        path = tuple(_tidy(branch) for branch in text.split(">"))
        longest = max(map(len, path))
        if not all(path):
            self._complain("category", _("a name is missing before or after “>”."))
        elif longest > MOST_IN_BRANCH:
            self._complain("category", _too_long(longest, MOST_IN_BRANCH))
        elif len(path) > DEEPEST_BRANCH:
            sentence = _("at most %(most)s categories can be inside each other.")
            self._complain("category", sentence % {"most": DEEPEST_BRANCH})
        return path

    def _number(self, column: str) -> int:
        text = self._raw(column)
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) <= 12:
            number = int(text)
            if number <= MAX_QUANTITY:
                return number
        sentence = _("“%(value)s” is not a whole number from 0 to %(most)s in digits alone.")
        value = Truncator(text).chars(40)
        self._complain(column, sentence % {"value": value, "most": localize(MAX_QUANTITY)})
        return 0

    def _complain(self, column: str, sentence: str) -> None:
        self._problems.append(f"{self._header[self._columns[column]]}: {sentence}")


def _too_long(length: int, most: int) -> str:
    sentence = _("a text of %(length)s characters, where %(most)s fit.")
    return sentence % {"length": localize(length), "most": localize(most)}


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\s_-]|[\u0300-\u036f]", "", plain)


_BY_NAME = {_folded(name): column for column, names in COLUMNS.items() for name in names}


def _cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _known(header: Sequence[str]) -> list[tuple[str, int]]:
    folded = ((_BY_NAME.get(_folded(name)), i) for i, name in enumerate(header))
    return [(column, i) for column, i in folded if column]


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where each column is; raise `UnreadableFile` unless every one is told apart."""
    columns: dict[str, int] = {}
    for column, i in _known(header):
        if column in columns:
            twice = {"one": header[columns[column]], "other": header[i]}
            sentence = _("The columns “%(one)s” and “%(other)s” mean the same; keep one of them.")
            raise UnreadableFile(sentence % twice)
        columns[column] = i
    if "name" not in columns:
        names = Truncator(", ".join(filter(None, header))).chars(200)
        sentence = _("There is no column “name” or “model”; the header line has: %(names)s.")
        raise UnreadableFile(sentence % {"names": names})
    return columns
