"""What a benchmark works with, and what one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from embedded.bench.connection import Answer
from embedded.bench.data import Data
from embedded.bench.findings import Finding
from embedded.bench.load import CLIENTS, Load, asking, load
from embedded.bench.people import Person
from embedded.bench.statements import Counted, counting
from embedded.bench.system import System
from embedded.bench.usage import Meter
from embedded.bench.yardsticks import Yardsticks

COUNTED = 20
"""Requests whose statements are counted."""


@dataclass(slots=True)
class Bench:
    """The running system with its data and its yardsticks.

    Things that are compared take turns, `rounds` times, each `seconds` long: what else the machine
    does meanwhile then hits all of them.
    """

    system: System
    data: Data
    yardsticks: Yardsticks
    seconds: float
    rounds: int
    figures: dict[str, Any] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)
    _meter: Meter | None = None

    def person(self, name: str = "operator") -> Person:
        """Return a demo person whose token will last."""
        if name not in self._people or not self._people[name].is_fresh:
            self._people[name] = Person(self.system, name)
        return self._people[name]

    def load(self, requests: Callable[[int], Iterator[bytes]], *, clients: int = CLIENTS) -> Load:
        """Put load on the inventory site through Nginx."""
        if self._meter is None:
            self._meter = self.system.meter
        client = asking(self.system.address, requests)
        return load(client, meter=self._meter, seconds=self.seconds, clients=clients)

    def keep(self, name: str, result: Load) -> Load:
        """Put what was measured into the JSON under `name`."""
        self.figures[name] = result.figures()
        return result

    def statements(self, requests: Iterator[bytes]) -> tuple[str, Counted]:
        """Count the statements of a request, apart from any timing; in words, and each of them."""
        person = self.person()
        with self.system.owner("postgres") as owner, counting(owner) as counted:
            for request in islice(requests, COUNTED):
                person.ask(request)
        return counted.per(COUNTED), counted

    def ask(self, path: str) -> Answer:
        """Ask for a page once."""
        person = self.person()
        return person.ask(person.get(path))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds in the inventory's database."""
        with self.system.owner() as owner:
            return owner.execute(query.encode(), values or None).fetchall()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Something to measure. `before` is measured on a small amount, for `run` to compare with."""

    name: str
    about: str
    run: Callable[[Bench, Any], Iterator[Finding]]
    before: Callable[[Bench], Any] | None = None
