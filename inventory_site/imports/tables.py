"""A file as a table of texts: its header and, line by line, its cells. CSV here; see `workbooks`.

Knows files, not what is in them. A file is never held in memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, Protocol

from django.utils.formats import localize
from django.utils.translation import gettext as _

from inventory_site.imports import encodings
from inventory_site.imports.encodings import UnreadableFile

DELIMITERS = ",;\t"
LONGEST_LINE = 1 << 20
"""In bytes; a file without line ends would otherwise be read as one."""


class Record(NamedTuple):
    """The cells of the row that begins at `line`, or the `problem` that keeps them from us."""

    line: int
    cells: list[str]
    problem: str = ""


class Table(Protocol):
    """What every sort of file is read as: making one reads the header, going through it the rest.

    `position` of `size` is how far one has come, in `unit`s ("B" or rows).
    """

    header: list[str]
    size: int
    unit: str
    has_nul: bool

    @property
    def position(self) -> int:
        """How far we are."""
        ...

    def __iter__(self) -> Iterator[Record]:
        """Yield the rows that are not blank; raise `UnreadableFile` where it breaks off."""
        ...


class CsvTable:
    """A text file: one of `ENCODINGS`, any line ends, comma, semicolon or tab."""

    unit = "B"

    def __init__(self, stream: BinaryIO, *, encoding: str, delimiter: str) -> None:
        self.has_nul = encodings.check(stream, encoding)
        self.size = stream.seek(0, io.SEEK_END)
        encodings.start_of_text(stream, encoding)
        self._source = _Source(stream)
        buffered = io.BufferedReader(self._source, encodings.BLOCK)
        text = io.TextIOWrapper(buffered, encoding, newline="")
        self._csv = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            self.header = next(filter(_is_filled, iter(self._cells, None)))
        except StopIteration:
            raise UnreadableFile(_("The file is empty.")) from None
        except _MisplacedQuote as error:
            raise UnreadableFile(_misplaced(self._csv.line_num, self._csv.line_num)) from error

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self._source.count

    def __iter__(self) -> Iterator[Record]:
        """Yield the rows that are not blank."""
        reader, cells_of = self._csv, self._cells
        line = reader.line_num + 1
        while True:
            try:
                cells = cells_of()
            except StopIteration:
                return
            except _MisplacedQuote:
                yield Record(line, [], _misplaced(line, reader.line_num))
            else:
                if cells and (cells[0] or _is_filled(cells)):
                    yield Record(line, cells)
            line = reader.line_num + 1

    def _cells(self) -> list[str]:
        line = self._csv.line_num + 1
        try:
            return next(self._csv)
        except _EndlessLine as error:
            sentence = _("Line %(line)s is longer than a megabyte: this is not a CSV file.")
            raise UnreadableFile(sentence % {"line": self._csv.line_num + 1}) from error
        except csv.Error as error:
            if "expected after" in str(error):
                raise _MisplacedQuote from error
            if "unexpected end" in str(error):
                sentence = _("A quotation mark opened in the row at line %(line)s is never closed.")
            else:
                sentence = _("Line %(line)s has a cell of more than %(most)s characters.")
            numbers = {"line": line, "most": localize(csv.field_size_limit())}
            raise UnreadableFile(sentence % numbers) from error


def delimiter_of(text: str) -> str:
    """Guess the delimiter from the beginning of a text: what its header has most of."""
    return max(DELIMITERS, key=lambda mark: len(first_cells(text, mark)))


def first_cells(text: str, delimiter: str) -> list[str]:
    """Return the cells of the first row that is not blank; none where it cannot be read."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return next(filter(_is_filled, rows), [])
    except csv.Error:
        return []


def _is_filled(cells: list[str]) -> bool:
    return bool("".join(cells).strip())


class _MisplacedQuote(Exception):
    """A row that breaks off at a quotation mark; the next line can be read again."""


def _misplaced(first: int, last: int) -> str:
    sentence = _(
        "A quotation mark is in the wrong place; inside a quoted text it is written twice."
    )
    if first == last:
        return sentence
    return sentence + " " + _("Everything up to line %(line)s was skipped.") % {"line": last}


class _EndlessLine(Exception):
    """More than `LONGEST_LINE` bytes without a line end."""


class _Source(io.RawIOBase):
    """The bytes of a file, counted; refuses a line without end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = stream.tell()
        self._line_began = self.count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what is given is one
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        if end >= 0:
            self._line_began = self.count + end
        self.count += len(piece)
        if self.count - self._line_began > LONGEST_LINE:
            raise _EndlessLine
        return len(piece)
