"""What everything is measured against: pgbench on the same PostgreSQL, views that do nothing."""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from embedded import nginx
from embedded.bench import movement, usage
from embedded.bench.connection import Connection
from embedded.bench.load import CLIENTS, Load, asking, load, repeated
from embedded.bench.system import System, clean_environment, free_port
from embedded.places import ROOT
from embedded.postgresql import bin_dir
from embedded.processes import StartError, daemon_uid, start, stop

DATABASE = "bench"
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """The bare site behind a door like ours, and pgbench on a database of its own.

    `levels` is the number of its balances, as many as there are products to move.
    """

    system: System
    levels: int
    address: str
    straight: str
    meter: usage.Meter

    def hello(self, seconds: float) -> Load:
        """Ask the smallest view."""
        client = asking(self.address, repeated(_get("/hello")))
        return load(client, meter=self.meter, seconds=seconds)

    def one_statement(self, seconds: float, *, through_nginx: bool = True) -> Load:
        """Ask the view that moves stock with one bare statement, every product as often."""
        where = self.address if through_nginx else self.straight
        return load(asking(where, self._moves), meter=self.meter, seconds=seconds)

    def pgbench(self, seconds: float, *, hot: bool = False) -> float:
        """Return how many bare movements a second PostgreSQL does; `hot`: all of one product."""
        level = "1" if hot else f"random(1, {self.levels})"
        numbers = {"level": ":level", "quantity": "1"}
        return self._pgbench(f"\\set level {level}\n{movement.ONE % numbers};", seconds)

    def pgbench_thousand(self, seconds: float) -> float:
        """Return how many movements a second it does by the thousand."""
        step = max(1, self.levels // BATCH)
        first = f"random(1, {step})" if self.levels >= BATCH else "1"
        text = f"\\set step {step}\n\\set first {first}\n{movement.THOUSAND};"
        return self._pgbench(text, seconds) * min(BATCH, self.levels)

    def _moves(self, number: int) -> Iterator[bytes]:
        at = number * 7919
        while True:
            at += 104_729  # a prime: all products get their turn, none twice in a row
            yield _get(f"/move?quantity=1&level={at % self.levels + 1}", method="POST")

    def _pgbench(self, text: str, seconds: float) -> float:
        answer = subprocess.run(  # noqa: S603 - our own command
            [
                *(bin_dir() / "pgbench", "--no-vacuum", "--protocol=prepared", "--file=-"),
                *(f"--client={CLIENTS}", "--jobs=2", f"--time={max(1, round(seconds))}"),
                "--max-tries=5",
            ],
            input=text,
            env=_libpq(self.system),
            capture_output=True,
            text=True,
            check=False,
        )
        found = re.search(r"^tps = ([0-9.]+)", answer.stdout, re.MULTILINE)
        if answer.returncode != 0 or found is None:
            raise StartError(f"pgbench failed: {answer.stderr[-1000:]}")
        return float(found[1])


@contextmanager
def yardsticks(system: System, *, levels: int) -> Iterator[Yardsticks]:
    """Yield the yardsticks, set up beside a running system."""
    with system.owner("postgres") as owner:
        owner.execute("CREATE DATABASE bench")
    with system.owner(DATABASE) as owner:
        owner.execute(movement.SCHEMA.encode())
        owner.execute((movement.FILL % {"levels": levels}).encode())
        owner.execute("VACUUM ANALYZE")
    folder = system.places.run / "bench"
    folder.mkdir(mode=0o755)
    site_socket, port = folder / "site.sock", free_port()
    site = _start_site(system, site_socket)
    door = _start_nginx(system, folder / "nginx", f"unix:{site_socket}", port)
    try:
        meter = usage.Meter(site.pid, system.meter.postgresql, door.pid)
        _wait(f"unix:{site_socket}")
        _wait(f"127.0.0.1:{port}")
        yield Yardsticks(system, levels, f"127.0.0.1:{port}", f"unix:{site_socket}", meter)
    finally:
        stop(door, site, stop_signal=signal.SIGTERM, seconds=10)
        shutil.rmtree(folder, ignore_errors=True)


def _url(system: System) -> str:
    return f"{system.cluster.superuser_url.rpartition('/')[0]}/{DATABASE}"


def _libpq(system: System) -> dict[str, str]:
    """Return what pgbench connects with: everybody can read command lines, not environments."""
    parts = conninfo_to_dict(_url(system))
    names = {"host": "PGHOST", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    # The thousand levels are found by their index, in order: no deadlocks, no reading of them all.
    found = {"PGOPTIONS": "-c enable_hashjoin=off -c enable_mergejoin=off"}
    return found | {name: str(parts[part]) for part, name in names.items()}


def _start_site(system: System, socket: Path) -> subprocess.Popen[bytes]:
    """Start the bare site with the words that the inventory site was started with."""
    words = usage.command_line(system.site_pid)
    ours = str(next(system.places.run.glob("sites/inventory.sock")))
    words = [word.replace(ours, str(socket)) for word in words]
    words = [w.replace("inventory_site.wsgi", "embedded.bench.bare_site") for w in words]
    return start(
        [sys.executable, *words[1:]],
        environment=clean_environment()
        | {"BENCH_DATABASE_URL": _url(system), "BENCH_SECRET_KEY": secrets.token_urlsafe(48)}
        | {"WEB_CONCURRENCY": system.environment.get("WEB_CONCURRENCY", "2")},
        directory=ROOT,
        stop_signal=signal.SIGTERM,
    )


def _start_nginx(system: System, prefix: Path, address: str, port: int) -> subprocess.Popen[bytes]:
    """Start a second Nginx, configured as the first, in front of the bare site."""
    values = nginx.variables(
        public_origin=f"http://localhost:{port}",
        listen=f"127.0.0.1:{port}",
        identity=address,
        inventory=address,
        run_dir=str(prefix),
        access_log="/dev/null",
    )
    nginx.write_prefix(prefix, values)
    return start(
        nginx.command(prefix, copies=system.places.data_dir / "programs"),
        environment={},
        directory=prefix,
        stop_signal=signal.SIGTERM,
        uid=daemon_uid(),
    )


def _wait(address: str) -> None:
    deadline, request = time.monotonic() + 30, _get("/hello")
    while True:
        try:
            if (answer := Connection(address).ask(request)).status == 200:
                return
            problem = f"{answer.status}: {answer.text[:300]}"
        except OSError as error:
            problem = str(error)
        if time.monotonic() > deadline:
            raise StartError(f"The bare site does not answer: {problem}")
        time.sleep(0.1)


def _get(path: str, *, method: str = "GET") -> bytes:
    length = "Content-Length: 0\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n".encode()
