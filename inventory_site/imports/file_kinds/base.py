"""What every kind of file says of itself to the one machine that imports them all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.utils.functional import Promise

from inventory_site.access.models import Person
from inventory_site.imports.columns import Column
from inventory_site.imports.outcomes import Outcome
from inventory_site.imports.seen import Seen
from inventory_site.products.models import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Whose import it is, of which file; `place` is where stock goes that has no location."""

    actor: Person
    import_id: UUID
    filename: str
    place: Location | None = None


class Decided(NamedTuple):
    """A row, what becomes of it, and the ids of what it names, as its kind wants them."""

    row: Any
    outcome: Outcome
    ids: Any = ()


class FileKind(ABC):
    """A kind of file: its columns, and how its rows are decided and written.

    One is made for each run. `row` is a named tuple of `line`, `problem` and the columns in order.
    `decide` sees the rows in chunks, each row once and in order, and its answers may not depend on
    where chunks end; `write` gets the rows of a chunk that write something, in order.
    """

    name: ClassVar[str]
    label: ClassVar[Promise | str]
    help: ClassVar[Promise | str]
    columns: ClassVar[tuple[Column, ...]]
    row: ClassVar[type[Any]]
    created: ClassVar[Promise | str]
    changed: ClassVar[Promise | str] = ""
    units: ClassVar[Promise | str] = ""
    unchanged: ClassVar[Promise | str]
    """What tiles and tables call the rows by their results; empty where there are none such."""
    locks: ClassVar[bool] = False
    """Whether the answers depend on stock that others may be moving."""
    do_not_call_in_templates: ClassVar[bool] = True
    """Templates speak of the class itself, and would make one of it."""

    def __init_subclass__(cls) -> None:
        """Hold rows and columns together."""
        names = tuple(column.name for column in cls.columns)
        if names and cls.row._fields != ("line", "problem", *names):
            raise TypeError(f"{cls.__name__}.row is not made of its columns")

    def __init__(self, job: Job) -> None:
        self.job, self.seen = job, Seen()

    def lock(self, chunks: Iterable[Sequence[Any]]) -> None:  # noqa: B027 (most kinds need none)
        """Keep others from what a kind with `locks` is about to write; asked before it decides."""

    @abstractmethod
    def decide(self, rows: Sequence[Any]) -> Iterator[Decided]:
        """Settle a chunk of rows, in order, without writing."""

    @abstractmethod
    def write(self, decided: Sequence[Decided]) -> None:
        """Write a chunk: few statements, stock through the ledger alone."""

    @property
    def batch_id(self) -> int | None:
        """The batch that was written, if stock was moved."""
        return None

    def close(self) -> None:
        """Forget what was seen."""
        self.seen.close()
