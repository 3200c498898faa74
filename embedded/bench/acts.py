"""Benchmarks of what people do: the quick action, everybody on one product, many lines at once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial
from itertools import islice
from uuid import UUID

from embedded.bench.bench import COUNTED, Bench, Benchmark
from embedded.bench.findings import Finding, Target, figure, short
from embedded.bench.load import CLIENTS, WARM_UP, Client, Load, load
from embedded.bench.yardsticks import BATCH

Place = tuple[str, str, int]
"""A SKU, the code of a location, and the number of the level."""

_PLACES = (
    "SELECT p.sku, l.code, b.level_id FROM bench.place b"
    " JOIN products_product p ON p.id = product_id JOIN products_location l ON l.id = location_id"
    " WHERE b.n > 1 ORDER BY b.n LIMIT 50000"
)
_REPLAYED = 25  # presses of each client that are sent a second time


def quick(bench: Bench, _before: object) -> Iterator[Finding]:
    """Press −1 and +1 on the dashboard, all over the stock, beside the bare things in turn."""
    places: list[Place] = bench.rows(_PLACES)
    ours, bare, straight, hello, limit = Load(), Load(), Load(), Load(), 0.0
    for number in range(bench.rounds):
        presses = _Presses(bench, places, seed=number)
        ours += bench.load(presses.of)
        bare += bench.yardsticks.one_statement(bench.seconds)
        straight += bench.yardsticks.one_statement(bench.seconds, through_nginx=False)
        hello += bench.yardsticks.hello(bench.seconds)
        limit += bench.yardsticks.pgbench(bench.seconds) / bench.rounds
    bench.keep("quick action", ours)
    bench.keep("bare one-statement view", bare)
    bench.keep("bare one-statement view without Nginx", straight)
    bench.keep("hello view", hello)
    bench.figures["pgbench, one statement, per second"] = limit
    words, counted = bench.statements(_Presses(bench, places, seed=99).of(0))
    bench.figures["statements of a quick action"] = counted.texts
    rate = f"{figure(ours.rate, '/s')} beside"
    target = Target(0.6, 0.9, at_least=True)
    yield Finding(
        *("quick", "+1/−1, 8 clients, to the bare one-statement view", ours.rate / bare.rate),
        target=target,
        beside=f"{rate} {figure(bare.rate, '/s')}; without Nginx {figure(straight.rate, '/s')}",
        cpu_ms=ours.site_ms,
        statements=words,
    )
    yield Finding(
        *("quick", "the same to pgbench's single statement", ours.rate / limit),
        target=Target(0.08, 0.15, at_least=True),
        beside=f"{rate} {figure(limit, '/s')}",
    )
    yield Finding(
        *("quick", "CPU of a press", ours.site_ms, "ms"),
        target=Target(2.0, 1.4),
        beside=f"bare view {bare.site_ms:.2f}, hello {hello.site_ms:.2f} ms ({hello.rate:.0f} /s)",
    )
    yield Finding(
        *("quick", "SQL statements of a press", counted.number / COUNTED, ""),
        target=Target(2, 2),
        beside="one write, one read",
    )


def hot(bench: Bench, _before: object) -> Iterator[Finding]:
    """Press +1 on one product together; what was accepted must be there, once."""
    places: list[Place] = bench.rows(_PLACES)
    one = places[len(places) // 2]
    same, uniform, pressed = Load(), Load(), 0
    uniform_limit, hot_limit = 0.0, 0.0
    before, others = _stock_of(bench, one), [place for place in places if place != one]
    for number in range(bench.rounds):
        uniform += bench.load(_Presses(bench, others, seed=200 + number).of)
        presses = _Presses(bench, [one], seed=300 + number, kinds=("receipt",))
        part = bench.load(presses.of)
        pressed += part.requests + CLIENTS * WARM_UP
        same += part
        for client in range(CLIENTS):  # the first ones once more: none may count twice
            for request in islice(presses.of(client), min(_REPLAYED, WARM_UP)):
                bench.person().ask(request)
        uniform_limit += bench.yardsticks.pgbench(bench.seconds)
        hot_limit += bench.yardsticks.pgbench(bench.seconds, hot=True)
    bench.keep("hot product", same)
    bench.keep("uniform beside hot", uniform)
    wrong = [
        after - pressed - earlier
        for earlier, after in zip(before, _stock_of(bench, one), strict=True)
    ]
    pgbench = hot_limit / uniform_limit
    yield Finding(
        *("hot", "8 clients on one product, to own uniform", same.rate / uniform.rate),
        target=Target(0.8, 0.95, at_least=True),
        beside=f"{same.rate:.0f} /s beside {uniform.rate:.0f} /s; pgbench {pgbench:.2f}",
        cpu_ms=same.site_ms,
    )
    yield Finding(
        *("hot", "presses lost or counted twice", max(map(abs, wrong)), ""),
        target=Target(0, 0),
        beside=f"{pressed} pressed, {bench.rounds * CLIENTS * min(_REPLAYED, WARM_UP)} sent again",
    )


def bulk(bench: Bench, _before: object) -> Iterator[Finding]:
    """Write a thousand lines a call, spread over the stock as pgbench spreads its thousand."""
    places: list[tuple[int, int]] = bench.rows(
        "SELECT product_id, location_id FROM bench.place WHERE n > 1 ORDER BY product_id, n"
    )
    size = min(BATCH, len(places))
    ours, limit = Load(), 0.0
    for number in range(bench.rounds):
        ours += load(
            partial(_batches, bench, places, number),
            meter=bench.system.meter,
            seconds=bench.seconds,
            warm_up=1,
        )
        limit += bench.yardsticks.pgbench_thousand(bench.seconds) / bench.rounds
    bench.keep("batches", ours)
    bench.figures["pgbench, a thousand a statement, movements per second"] = limit
    yield Finding(
        *("bulk", f"{size} lines a call, 8 clients, to pgbench's unnest", ours.rate * size / limit),
        target=Target(0.3, 0.6, at_least=True),
        beside=f"{short(ours.rate * size)} lines/s beside {short(limit)}/s, by record_batch",
    )


class _Presses:
    """Presses of buttons on the dashboard, the same again for the same seed: keys too."""

    def __init__(
        self,
        bench: Bench,
        places: list[Place],
        *,
        seed: int,
        kinds: tuple[str, ...] = ("issue", "receipt"),
    ) -> None:
        self._person, self._places, self._kinds = bench.person(), places, kinds
        self._seed = f"{seed} {bench.seconds} {bench.data.amount}"

    def of(self, client: int) -> Iterator[bytes]:
        """Make the presses of one client."""
        throw = random.Random(f"{self._seed} {client}")  # noqa: S311 - not a secret
        while True:
            sku, place, level = throw.choice(self._places)
            kind, key = throw.choice(self._kinds), UUID(int=throw.getrandbits(128), version=4)
            yield self._person.post(
                f"/products/{sku}/transactions/?location={place}&quantity=1",
                {"kind": kind, "idempotency_key": str(key)},
                target=f"qty-{level}",
            )


def _stock_of(bench: Bench, place: Place) -> list[int]:
    """Return the stock of a place by its balance, by its lines, and by its last line."""
    query = (
        "SELECT l.on_hand, (SELECT sum(quantity) FROM stock_transaction WHERE level_id = l.id),"
        " (SELECT balance_after FROM stock_transaction"
        " WHERE level_id = l.id ORDER BY seq DESC LIMIT 1)"
        " FROM stock_level l WHERE l.id = %s"
    )
    ((on_hand, lines, last),) = bench.rows(query, place[2])
    return [int(on_hand), int(lines), int(last)]


def _batches(bench: Bench, places: list[tuple[int, int]], number: int, client: int) -> Client:
    """Return what records one batch after another as the site would: the rules are PostgreSQL's."""
    connection, throw = bench.system.app(), random.Random(f"{number} {client}")  # noqa: S311
    step = max(1, len(places) // BATCH)

    def one() -> None:
        chosen = places[throw.randrange(step) :: step][:BATCH]
        lines = [
            {"product": product, "location": location, "kind": "receipt", "quantity": 1}
            for product, location in chosen
        ]
        key = UUID(int=throw.getrandbits(128), version=4)
        connection.execute(
            "SELECT (record_batch('bulk', %s::jsonb, '', '', %s, 'A person', '', %s)).id",
            [json.dumps(lines), UUID(int=7), key],
        )

    return one


ACTS = (
    Benchmark("quick", "the quick action against bare views and pgbench", quick),
    Benchmark("hot", "everybody on one product", hot),
    Benchmark("bulk", "a thousand lines a call", bulk),
)
