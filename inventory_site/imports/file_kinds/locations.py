"""Locations: what is there may get another name or another parent, and nothing is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports.cells import Code, Text
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import Decided, FileKind, Job
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.products.codes import validate_code
from inventory_site.products.models import Location


class LocationRow(NamedTuple):
    """A row."""

    line: int
    problem: str
    code: str
    name: str
    parent: str


class _Known(NamedTuple):
    """A location as it is, or will be when the rows so far are written; `parent` is folded."""

    code: str
    name: str
    parent: str


class Locations(FileKind):
    """A row is created, changed, unchanged or refused; an empty cell changes nothing."""

    name = "locations"
    label = gettext_lazy("Locations")
    help = gettext_lazy("An empty cell leaves the name, or the place, as it is.")
    columns = (
        Column(
            "code",
            Code(64),
            gettext_lazy("Letters, digits, “.”, “-” and “_”."),
            ("location", "código", "local", "localização"),
            needed=True,
        ),
        Column("name", Text(80), gettext_lazy("What people call it."), ("nome",)),
        Column(
            "parent",
            Code(64),
            gettext_lazy("The code of the location it is part of; that one comes first."),
            ("part of", "parte de", "pai"),
        ),
    )
    row = LocationRow
    created = gettext_lazy("New locations")
    changed = gettext_lazy("Changed locations")
    unchanged = gettext_lazy("There already")

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        rows = Location.objects.values_list("code", "name", "parent__code")
        self._known = {
            code.upper(): _Known(code, name, (parent or "").upper()) for code, name, parent in rows
        }

    def decide(self, rows: Sequence[LocationRow]) -> Iterator[Decided]:
        """Settle a chunk of rows; each may be part of one before it."""
        for row in rows:
            key, above = row.code.upper(), row.parent.upper()
            there = self._known.get(key)
            problem = self._problem(row, key, above)
            name = row.name or (there.name if there else "")
            parent = above or (there.parent if there else "")
            wanted = _Known(there.code if there else row.code, name, parent)
            result, note = Result.CREATED, problem
            if problem:
                result = Result.REFUSED
            elif there == wanted:
                result = Result.UNCHANGED
            elif there:
                result, note = Result.CHANGED, _changes(there, wanted)
            if result is not Result.REFUSED:
                self._known[key] = wanted
            yield Decided(row, Outcome(row.line, result, row.code, name, 0, note), wanted)

    def _problem(self, row: LocationRow, key: str, above: str) -> str:
        if row.problem:
            return row.problem
        try:
            validate_code(row.code)
        except ValidationError as error:
            return f"“{row.code}”: {error.messages[0]}"
        earlier = self.seen.take(key, row.line)
        if earlier is not None:
            return _("Line %(line)s has the same code.") % {"line": earlier}
        if above and above not in self._known:
            sentence = _("There is no location “%(code)s”, here or in an earlier line.")
            return sentence % {"code": row.parent}
        while above:
            if above == key:
                return _("It would be a part of itself.")
            above = self._known[above].parent
        return ""

    def write(self, decided: Sequence[Decided]) -> None:
        """Write one by one, in order: locations are few, and parents come first."""
        for item in decided:
            wanted = _Known(*item.ids)
            above = Location.objects.filter(code__iexact=wanted.parent).first()
            if item.outcome.result is Result.CREATED:
                Location.objects.create(code=wanted.code, name=wanted.name, parent=above)
            else:
                found = Location.objects.filter(code__iexact=wanted.code)
                found.update(name=wanted.name, parent=above)


def _changes(there: _Known, wanted: _Known) -> str:
    sentence = _("%(what)s “%(there)s” there, “%(here)s” here")
    pairs = [(_("name"), there.name, wanted.name), (_("part of"), there.parent, wanted.parent)]
    return "; ".join(
        sentence % {"what": what, "there": before, "here": after}
        for what, before, after in pairs
        if before != after
    )
