"""From the cells of a table to typed rows, and per row what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from inventory_site.imports.cells import Complaint
from inventory_site.imports.columns import Column
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.tables import Record, Table


class Row(Protocol):
    """What every kind of file's rows have, before the values of its columns in their order.

    `line` is where the row begins in the file, `problem` what is wrong with it, else empty.
    """

    @property
    def line(self) -> int:
        """Where it begins."""
        ...

    @property
    def problem(self) -> str:
        """What is wrong with it."""
        ...


class _Reading(NamedTuple):
    at: int
    place: int
    read: Callable[[str], Any]
    heading: str


def heading_of(header: Sequence[str], place: int) -> str:
    """Return what a column is called; those without a name are counted."""
    heading = " ".join(header[place].split())
    return heading or _("Column %(number)s") % {"number": place + 1}


class RowReader[R]:
    """The rows of a table, one after another, as `make(line, problem, *values)`."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column],
        where: Mapping[str, int],
        make: Callable[..., R],
    ) -> None:
        self.table, self._make = table, make
        header = table.header
        self._blanks = [column.cell.blank for column in columns]
        self._readings = [
            _Reading(at, place, column.cell.read, heading_of(header, place))
            for at, column in enumerate(columns)
            if (place := where.get(column.name)) is not None
        ]
        self._width = max((i for i, name in enumerate(header, start=1) if name.strip()), default=0)
        self._width = max(self._width, *(reading.place + 1 for reading in self._readings))

    def __iter__(self) -> Iterator[R]:
        """Yield every row that is not blank; raise `UnreadableFile` where there is none at all."""
        make, values_of, exact = self._make, self._values, len(self.table.header)
        careful = self.table.has_nul
        is_empty = True
        for record in self.table:
            is_empty = False
            if record.problem or careful or len(record.cells) != exact:
                yield self._odd(record)
                continue
            try:
                values = values_of(record.cells)
            except Complaint:
                yield self._odd(record)
            else:
                yield make(record.line, "", *values)
        if is_empty:
            raise UnreadableFile(_("The file has a header line and no rows."))

    def _values(self, cells: list[str]) -> list[Any]:
        values = self._blanks.copy()
        for at, place, read, _heading in self._readings:
            values[at] = read(cells[place])
        return values

    def _odd(self, record: Record) -> R:
        """Read a row that something is wrong with, and say all of it."""
        line, cells, problem = record
        if problem:
            return self._make(line, problem, *self._blanks)
        width = self._width
        is_short = len(cells) < width and self.table.unit  # a sheet leaves out empty cells
        if is_short or any(cell.strip() for cell in cells[len(self.table.header) :]):
            problem = self._wrong_width(cells)
        if problem:
            return self._make(line, problem, *self._blanks)
        cells = cells + [""] * (width - len(cells))
        problems = []
        if any("\0" in cell for cell in cells):
            cells = [cell.replace("\0", "") if "\0" in cell else cell for cell in cells]
            problems.append(_("There is a NUL character in this row."))
        values = self._blanks.copy()
        for at, place, read, heading in self._readings:
            try:
                values[at] = read(cells[place])
            except Complaint as complaint:
                problems.append(f"{heading}: {complaint}")
                if complaint.value is not None:
                    values[at] = complaint.value
        return self._make(line, " ".join(problems), *values)

    def _wrong_width(self, cells: list[str]) -> str:
        sentence = _("There are %(cells)s cells here, and %(columns)s columns in the header.")
        return sentence % {"cells": len(cells), "columns": self._width}
