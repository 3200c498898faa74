"""Benchmarks of what people look at: list, search, a product's history, reports, the past."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from embedded.bench.bench import Bench, Benchmark
from embedded.bench.connection import Answer
from embedded.bench.data import SMALL
from embedded.bench.findings import Finding, Target, figure, short
from embedded.bench.load import Load, repeated

_FAR_PAGE = 2000
_PAGE_SIZE = 50
_MISSING = "not there yet"
_ROLLUP_SECONDS = 150  # the worker rolls up every minute


def small_list(bench: Bench) -> Load:
    """Show the first page of a short list."""
    return _rounds(bench, bench.person().get("/"))[0]


def product_list(bench: Bench, before: Load) -> Iterator[Finding]:
    """Show the first page and a far one, whole and as the part that htmx fetches."""
    person, page = bench.person(), min(_FAR_PAGE, bench.data.amount.products // _PAGE_SIZE)
    far = f"/?cursor={_cursor_of(bench, page)}"
    requests = person.get("/"), person.get(far), person.fragment("/?level=")
    first, later, part = _rounds(bench, *requests)
    for name, one in (("list", first), (f"list, page {page}", later), ("list, fragment", part)):
        bench.keep(name, one)
    words, counted = bench.statements(repeated(requests[0])(0))
    bench.figures["statements of the list"] = counted.texts
    yield Finding(
        *("list", "50 products, whole page", first.site_ms, "ms"),
        target=Target(3.5, 2.0),
        beside=f"{figure(first.rate, '/s')}; CPU with PostgreSQL {first.server_ms:.2f} ms",
        cpu_ms=first.site_ms,
        statements=words,
    )
    words, _counted = bench.statements(repeated(requests[2])(0))
    yield Finding(
        *("list", "50 products, as htmx fetches them", part.site_ms, "ms"),
        target=Target(3.5, 2.0),
        beside=f"{figure(part.rate, '/s')}",
        cpu_ms=part.site_ms,
        statements=words,
    )
    yield _growth("list", f"page {page} to page 1 (CPU with PostgreSQL)", later, first)
    what = f"page 1 to the same with {short(SMALL.products)} products"
    yield _growth("list", what, first, before, products=1_000_000)


def search(bench: Bench, _before: object) -> Iterator[Finding]:
    """Search as somebody types, one after another."""
    throw = random.Random("search")  # noqa: S311 - not a secret
    names = [
        name
        for (name,) in bench.rows("SELECT name FROM products_product ORDER BY md5(sku) LIMIT 500")
    ]
    person = bench.person()

    def typed(_client: int) -> Iterator[bytes]:
        while True:
            name = throw.choice(names)
            for end in range(2, min(len(name), 18) + 1, 2):
                yield person.fragment(f"/?q={quote(name[:end])}")

    done = bench.keep("search", bench.load(typed, clients=1))
    words, counted = bench.statements(typed(0))
    bench.figures["statements of a search"] = counted.texts
    yield Finding(
        *("search", "as somebody types, 95 of 100 below", done.p95_ms, "ms"),
        target=Target(30, 10, products=1_000_000),
        beside=f"median {done.median_ms:.1f} ms, {done.requests} searches, 1 client",
        cpu_ms=done.site_ms,
        statements=words,
    )


def small_history(bench: Bench) -> Load:
    """Show the history of the busiest product in a short ledger."""
    return _rounds(bench, _history_of_busiest(bench), clients=1)[0]


def history(bench: Bench, before: Load) -> Iterator[Finding]:
    """Show the history of the busiest product: a twentieth of the ledger is its own."""
    request = _history_of_busiest(bench)
    (done,) = _rounds(bench, request, clients=1)
    bench.keep("history", done)
    words, _counted = bench.statements(repeated(request)(0))
    what = f"of the busiest product, to {short(SMALL.lines)} lines (CPU with PostgreSQL)"
    yield _growth("history", what, done, before, lines=10_000_000, statements=words)


def reports(bench: Bench, _before: object) -> Iterator[Finding]:
    """Report movements by period."""
    _wait_for_rollup(bench)
    today = datetime.now(UTC).date()
    for days in (30, 365):
        path = f"/reports/movements/?first={today - timedelta(days)}&last={today}"
        yield _page(
            *(bench, "reports", f"movements of {days} days", path),
            target=Target(20, 5, lines=10_000_000),
        )
    yield _page(bench, "reports", "stock now, by category and location", "/reports/stock/")


def _wait_for_rollup(bench: Bench) -> None:
    """Wait until the worker has rolled up what other benchmarks wrote in a minute or two."""
    waiting = "SELECT max(created_at) > (SELECT rolled_to FROM stock_past) FROM stock_transaction"
    deadline = time.monotonic() + _ROLLUP_SECONDS
    while bench.rows(waiting) == [(True,)] and time.monotonic() < deadline:
        time.sleep(1)


def as_of(bench: Bench, _before: object) -> Iterator[Finding]:
    """Show stock as it was at an instant in the middle of the ledger."""
    instant = datetime.now(UTC).replace(microsecond=0) - timedelta(days=180, hours=5)
    moment = quote(instant.isoformat())
    target = Target(1000, 200, lines=10_000_000)
    page = f"/reports/stock/?as_of={moment}"
    for what, path, now in (
        ("stock of all products, report", page, "/reports/stock/"),
        ("stock of all products, as CSV", f"{page}&format=csv", page),
    ):
        yield _page(bench, "as-of", what, path, target=target, other=now)
    yield _page(bench, "as-of", "50 products of the list", f"/?as_of={moment}", other="/")


def _page(
    bench: Bench,
    benchmark: str,
    what: str,
    path: str,
    *,
    target: Target | None = None,
    other: str = "",
) -> Finding:
    """Measure how long one client waits for a page; say so where there is no such page.

    A page that shows the same numbers as the `other` one is not what was asked for.
    """
    answer = bench.ask(path)
    if answer.status >= 300:
        return Finding(benchmark, what, beside=f"{_MISSING} ({answer.status})")
    if other and _numbers(answer) == _numbers(bench.ask(other)):
        return Finding(benchmark, what, beside=f"{_MISSING} (says the same as now)")
    request = bench.person().get(path)
    done = bench.keep(f"{benchmark}: {what}", bench.load(repeated(request), clients=1))
    words, counted = bench.statements(repeated(request)(0))
    bench.figures[f"statements of {benchmark}: {what}"] = counted.texts
    return Finding(
        *(benchmark, what, done.median_ms, "ms"),
        target=target,
        beside=f"median of {done.requests}, 95 of 100 below {done.p95_ms:.0f} ms, 1 client",
        cpu_ms=done.site_ms,
        statements=words,
    )


def _numbers(page: Answer) -> list[str]:
    return re.findall(r">\s*([0-9][0-9,.]*)\s*<", page.text)


def _growth(
    benchmark: str,
    what: str,
    now: Load,
    before: Load,
    *,
    lines: int = 0,
    products: int = 0,
    statements: str = "",
) -> Finding:
    """Compare what the same page costs the site and PostgreSQL: CPU, which others disturb less."""
    return Finding(
        *(benchmark, what, now.server_ms / before.server_ms),
        target=Target(1.2, 1.0, lines=lines, products=products),
        beside=f"{now.server_ms:.2f} ms beside {before.server_ms:.2f} ms",
        cpu_ms=now.site_ms,
        statements=statements,
    )


def _rounds(bench: Bench, *requests: bytes, clients: int = 8) -> list[Load]:
    """Measure requests in turn."""
    done = [Load() for _ in requests]
    for _ in range(bench.rounds):
        for load, request in zip(done, requests, strict=True):
            load += bench.load(repeated(request), clients=clients)
    return done


def _history_of_busiest(bench: Bench) -> bytes:
    query = "SELECT sku FROM products_product WHERE id IN (SELECT product_id FROM bench.place {})"
    ((sku,),) = bench.rows(query.format("WHERE n = 1"))
    return bench.person().get(f"/products/{sku}/transactions/")


def _cursor_of(bench: Bench, page: int) -> str:
    """Return the cursor of a far page, without leafing through all before it.

    A cursor names the last row before the page; ours is the one that the site gave for the second
    page, with that row's values in it.
    """
    found = re.search(r'rel="next" href="\?cursor=([^"&]+)"', bench.ask("/").text)
    if found is None or page < 3:
        return found[1] if found else ""
    inside = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    backwards, (name, number) = json.loads(inside)
    query = "SELECT sort_name, id FROM products_product ORDER BY sort_name, id LIMIT 1 OFFSET %s"
    ((first_name, first_number),) = bench.rows(query, _PAGE_SIZE - 1)
    if (first_name, first_number) != (name, number):
        raise ValueError("the site pages its list by something else than name and number")
    row = bench.rows(query, (page - 1) * _PAGE_SIZE - 1)[0]
    text = json.dumps([backwards, list(row)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


PAGES = (
    Benchmark(
        "list", "the stock list: first page, a far one, a longer list", product_list, small_list
    ),
    Benchmark("search", "search as somebody types", search),
    Benchmark("history", "a product's history in a long ledger", history, small_history),
    Benchmark("reports", "movements by period", reports),
    Benchmark("as-of", "stock at an instant in the past", as_of),
)
