"""What becomes of a file: of every row, and in sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Result(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


WRITTEN = frozenset({Result.CREATED, Result.CHANGED})
"""The results that write something."""


class Rows(StrEnum):
    """Which rows are written when some are refused."""

    ALL = "all"
    GOOD = "good"


class ImportFailed(Exception):
    """The database did not take it and nothing was written; the text is one sentence."""


class Outcome(NamedTuple):
    """What became of the row that begins at `line`.

    `code` and `name` say what it is about, `units` how many come or (below zero) go, and `note` why
    it is refused, what changes, or what else is worth knowing.
    """

    line: int
    result: Result
    code: str
    name: str
    units: int
    note: str

    @property
    def is_noted(self) -> bool:
        """Whether there is something to know about a row that is written anew."""
        return bool(self.note) and self.result is Result.CREATED


@dataclass(slots=True)
class Summary:
    """An import in numbers: `created`, `changed`, `unchanged` and `refused` add up to `rows`.

    `noted` are among the created, `units` of what is written. `is_written` tells whether any of it
    is in the database: not in a preview, and not where one refused row stopped the whole.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    noted: int = 0
    units: int = 0
    ignored_columns: list[str] = field(default_factory=list)
    is_written: bool = False
    batch_id: int | None = None

    @property
    def written(self) -> int:
        """How many rows write something."""
        return self.created + self.changed

    def count(self, outcome: Outcome) -> None:
        """Add one row."""
        result = outcome.result
        self.rows += 1
        if result is Result.CREATED:
            self.created += 1
            self.noted += outcome.is_noted
        elif result is Result.UNCHANGED:
            self.unchanged += 1
        elif result is Result.REFUSED:
            self.refused += 1
        else:
            self.changed += 1
        self.units += outcome.units
