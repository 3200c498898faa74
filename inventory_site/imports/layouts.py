"""How a file is to be read: what kind it is, its encoding, its delimiter, its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from inventory_site.imports import encodings, tables, workbooks
from inventory_site.imports.columns import Columns, guess, require, settled
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.file_kinds import KINDS, FileKind
from inventory_site.imports.rows import RowReader
from inventory_site.imports.tables import CsvTable, Table, delimiter_of, first_cells
from inventory_site.imports.workbooks import WorkbookTable

SAMPLE = 1 << 16
WORKBOOK = "xlsx"
"""Takes the place of the encoding of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a file; `encoding` and `delimiter` are empty until they are known."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: Columns = field(default_factory=dict)

    @property
    def kind_of_file(self) -> type[FileKind]:
        """The class of its kind."""
        return KINDS[self.kind]

    @property
    def is_workbook(self) -> bool:
        """Whether it is an Excel file."""
        return self.encoding == WORKBOOK


def recognised(stream: BinaryIO, known: Layout) -> Layout:
    """Fill in what is not `known` of a file, but for its columns, by looking at it.

    Raises `UnreadableFile` where there is nothing to look at, or it is no table.
    """
    stream.seek(0)
    mark = stream.read(4)
    if mark == workbooks.MARK:
        known = replace(known, encoding=WORKBOOK, delimiter="")
    elif mark == workbooks.OLD_MARK or known.is_workbook:
        raise UnreadableFile(workbooks.damaged())
    if not known.encoding:
        known = replace(known, encoding=encodings.guess(stream))
    if known.is_workbook:
        header = opened(stream, known).header
    else:
        text = _sample(stream, known.encoding)
        known = replace(known, delimiter=known.delimiter or _delimiter(text, known.kind))
        header = first_cells(text, known.delimiter)
    return known if known.kind else replace(known, kind=_kind(header))


def _sample(stream: BinaryIO, encoding: str) -> str:
    """Return the beginning of a text; raise `UnreadableFile` where it is none."""
    encodings.start_of_text(stream, encoding)
    text = stream.read(SAMPLE).decode(encoding, errors="ignore")
    if not text.strip():
        raise UnreadableFile(_("The file is empty."))
    if "\0" in text.partition("\n")[0]:
        raise UnreadableFile(_("This is neither a CSV file nor an Excel file (.xlsx)."))
    return text


def _delimiter(text: str, kind: str) -> str:
    """Guess it: the one that makes most of the header's columns known ones, or the commonest."""
    kinds = [KINDS[kind]] if kind else list(KINDS.values())

    def known(mark: str) -> int:
        header = first_cells(text, mark)
        return max(len(guess(header, each.columns).columns) for each in kinds)

    best = max(tables.DELIMITERS, key=known)
    return best if known(best) > 1 else delimiter_of(text)


def _kind(header: list[str]) -> str:
    """Guess it: the kind that most of the header's columns belong to, with all that it needs."""

    def likeness(kind: type[FileKind]) -> tuple[bool, int]:
        found = guess(header, kind.columns)
        known = found.columns.keys() | found.doubt.keys()
        whole = all(column.name in known for column in kind.columns if column.needed)
        return whole, len(known)

    return max(KINDS.values(), key=likeness).name


def opened(stream: BinaryIO, layout: Layout) -> Table:
    """Open a file as a table; raise `UnreadableFile` where it is none."""
    if layout.is_workbook:
        return WorkbookTable(stream)
    return CsvTable(stream, encoding=layout.encoding, delimiter=layout.delimiter)


def complete(stream: BinaryIO, known: Layout, chosen: Mapping[str, int] | None = None) -> Layout:
    """Fill in all that is not known of a file, its columns included, or raise `UnreadableFile`.

    `chosen` columns are taken as they are; where the header leaves doubt, the file is refused.
    """
    layout = recognised(stream, known)
    header = opened(stream, layout).header
    columns = layout.kind_of_file.columns
    return replace(layout, columns=settled(header, columns, chosen or {}))


def rows_of(stream: BinaryIO, layout: Layout) -> RowReader[tuple[object, ...]]:
    """Open a file as typed rows of its kind; the stream belongs to the reader until it is done."""
    table, kind = opened(stream, layout), layout.kind_of_file
    require(table.header, kind.columns, layout.columns)
    return RowReader(table, kind.columns, layout.columns, kind.row)
