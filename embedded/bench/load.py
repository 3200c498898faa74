"""Load: so many clients, each a process with one connection, for a bounded time."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from statistics import quantiles

from embedded.bench.connection import Connection
from embedded.bench.usage import Meter

CLIENTS = 8
Client = Callable[[], object]
"""Does one request; called again and again in a process of its own."""

WARM_UP = 4
"""Requests of each client before the clock starts, unless said otherwise."""
_PATIENCE = 300  # seconds until all clients are there
_processes = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Load:
    """What became of some requests; several runs of one kind add up.

    `seconds` is how long it took by the clock, `took` the seconds of each request, `generator` the
    CPU seconds of the clients themselves; `site` (its workers), `postgresql` and `nginx` of those.
    """

    requests: int = 0
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    generator: float = 0.0
    site: float = 0.0
    postgresql: float = 0.0
    nginx: float = 0.0

    def __iadd__(self, other: Load) -> Load:
        """Add another run."""
        self.requests += other.requests
        self.seconds += other.seconds
        self.took += other.took
        self.generator += other.generator
        self.site += other.site
        self.postgresql += other.postgresql
        self.nginx += other.nginx
        return self

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def server_ms(self) -> float:
        """CPU milliseconds of the site's workers and of PostgreSQL for a request."""
        return (self.site + self.postgresql) / self.requests * 1000

    @property
    def site_ms(self) -> float:
        """CPU milliseconds of the site's workers for a request."""
        return self.site / self.requests * 1000

    @property
    def median_ms(self) -> float:
        """Milliseconds that half of the requests stayed below."""
        return sorted(self.took)[len(self.took) // 2] * 1000

    @property
    def p95_ms(self) -> float:
        """Milliseconds that 95 of 100 requests stayed below."""
        enough = len(self.took) >= 2
        return quantiles(self.took, n=20, method="inclusive")[18] * 1000 if enough else 0.0

    def figures(self) -> dict[str, float]:
        """Return everything for a machine to read."""
        per = 1000 / self.requests
        return {
            "requests": self.requests,
            "per second": self.rate,
            "median ms": self.median_ms,
            "p95 ms": self.p95_ms,
            "site CPU ms": self.site * per,
            "postgresql CPU ms": self.postgresql * per,
            "nginx CPU ms": self.nginx * per,
            "load generator CPU ms": self.generator * per,
        }


class Refused(Exception):
    """A server did not answer as it should: the measurement would mean nothing."""


def asking(address: str, requests: Callable[[int], Iterator[bytes]]) -> Callable[[int], Client]:
    """Return what makes client number n: it sends the requests that `requests(n)` makes."""

    def client(number: int) -> Client:
        connection, mine = Connection(address), requests(number)
        return lambda: _accepted(connection, next(mine))

    return client


def repeated(request: bytes) -> Callable[[int], Iterator[bytes]]:
    """Return what makes the same request for ever, whoever asks."""
    return lambda _number: repeat(request)


def load(
    client: Callable[[int], Client],
    *,
    meter: Meter,
    seconds: float,
    clients: int = CLIENTS,
    warm_up: int = WARM_UP,
    most: int = 100_000,
) -> Load:
    """Let `clients` ask as fast as they are answered, for `seconds` or `most` requests each.

    `meter` tells what CPU it took. The first `warm_up` requests of each are not counted. Raises
    `Refused` when an answer is an error.
    """
    start, pipes, children = _processes.Barrier(clients + 1), [], []
    for number in range(clients):
        ours, theirs = _processes.Pipe(duplex=False)
        arguments = (client, number, seconds, warm_up, most, start, theirs)
        child = _processes.Process(target=_client, args=arguments, daemon=True)
        child.start()
        theirs.close()
        pipes.append(ours)
        children.append(child)
    start.wait(timeout=_PATIENCE)
    whole, failures = Load(), []
    began, before = time.perf_counter(), meter.read()
    for pipe in pipes:
        part = pipe.recv()
        if isinstance(part, Load):
            whole += part
        else:
            failures.append(part)
    after, whole.seconds = meter.read(), time.perf_counter() - began
    whole.site = after.site - before.site
    whole.postgresql = after.postgresql - before.postgresql
    whole.nginx = after.nginx - before.nginx
    for child in children:
        child.join()
    if failures:
        raise Refused(failures[0])
    return whole


def _client(
    make: Callable[[int], Client],
    number: int,
    seconds: float,
    warm_up: int,
    most: int,
    start: Barrier,
    report: Pipe,
) -> None:
    """Be one client: ask again and again, and report."""
    waited, done, clock = False, Load(), time.perf_counter
    try:
        ask = make(number)
        for _ in range(warm_up):
            ask()
        start.wait(timeout=_PATIENCE)
        waited = True
        busy, end = time.process_time(), clock() + seconds
        while (began := clock()) < end and done.requests < most:
            ask()
            done.took.append(clock() - began)
            done.requests += 1
        done.generator = time.process_time() - busy
        report.send(done)
    except Exception as error:  # whatever it is, the parent must hear of it
        if not waited:
            start.wait(timeout=_PATIENCE)  # the others must not wait for ever
        report.send(f"{type(error).__name__}: {error}")


def _accepted(connection: Connection, request: bytes) -> None:
    answer = connection.ask(request)
    if answer.status >= 300:
        asked = request.split(b"\r\n", 1)[0].decode()
        raise Refused(f"{asked}: {answer.status} {answer.text[:300]}")
