"""Which column of a file is which: guessed from its header, chosen by a person, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from inventory_site.imports.cells import Cell
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.words import folded

type Columns = dict[str, int]
"""By the name of what is read: the number of the column, from 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """Something that a file may hold: its name for programs, the `names` it goes by in headers.

    `meaning` is for people; what is `needed` must be there.
    """

    name: str
    cell: Cell
    meaning: Promise | str
    names: tuple[str, ...] = ()
    needed: bool = False

    @property
    def header(self) -> str:
        """What our own files call it."""
        return self.name.replace("_", " ")

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.header, *self.names)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the header seems to mean; in `doubt` is what several of its columns could be."""

    columns: Columns = field(default_factory=dict)
    doubt: dict[str, list[int]] = field(default_factory=dict)


def guess(header: Sequence[str], columns: Iterable[Column]) -> Guess:
    """Find each column by its names."""
    found = Guess()
    headings = [folded(name) for name in header]
    for column in columns:
        names = {folded(name) for name in column.all_names}
        places = [i for i, heading in enumerate(headings) if heading in names]
        if len(places) == 1:
            found.columns[column.name] = places[0]
        elif places:
            found.doubt[column.name] = places
    return found


def settled(header: Sequence[str], columns: Sequence[Column], chosen: Mapping[str, int]) -> Columns:
    """Return where each column is: as `chosen`, else as guessed.

    Raises `UnreadableFile` where that is not clear, or something needed is missing.
    """
    found = guess(header, columns)
    for name, places in found.doubt.items():
        if name not in chosen:
            one, other = (header[i] for i in places[:2])
            sentence = _("The columns “%(one)s” and “%(other)s” mean the same; keep one of them.")
            raise UnreadableFile(sentence % {"one": one, "other": other})
    where = found.columns | dict(chosen)
    require(header, columns, where)
    return where


def require(header: Sequence[str], columns: Iterable[Column], where: Mapping[str, int]) -> None:
    """Raise `UnreadableFile` unless everything needed is there, and each column used once."""
    for column in columns:
        if column.needed and column.name not in where:
            sentence = _("There is no column “%(name)s”; the header line has: %(names)s.")
            names = Truncator(", ".join(filter(None, header))).chars(200)
            raise UnreadableFile(sentence % {"name": column.header, "names": names})
    used: dict[int, str] = {}
    for name, i in where.items():
        if not 0 <= i < len(header):
            raise UnreadableFile(_("The file has no column %(number)s.") % {"number": i + 1})
        if i in used:
            sentence = _("The column “%(heading)s” cannot be both “%(one)s” and “%(other)s”.")
            both = {"heading": header[i], "one": used[i], "other": name}
            raise UnreadableFile(sentence % both)
        used[i] = name


def ignored(header: Sequence[str], where: Columns) -> list[str]:
    """Return the headings that nothing is read from."""
    used = set(where.values())
    return [name for i, name in enumerate(header) if name and i not in used]
