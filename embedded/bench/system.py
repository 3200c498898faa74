"""The real system in a throw-away place: PostgreSQL, both sites under gunicorn, and Nginx."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from embedded.bench import usage
from embedded.environment import embedded_database_urls, environments
from embedded.places import ROOT, Places
from embedded.postgresql import Cluster
from embedded.processes import StartError, passable, start, stop

_START_SECONDS = 180
# What would lead a new system to data elsewhere.
_ELSEWHERE = ("IDENTITY_", "INVENTORY_", "PUBLIC_", "JWKS_", "BACKCHANNEL_", "MAIL_", "SUPERUSER_")


@dataclass(frozen=True, slots=True)
class System:
    """A running system, as `make run` would have started it."""

    places: Places
    cluster: Cluster
    port: int

    @property
    def origin(self) -> str:
        """What people type."""
        return f"http://localhost:{self.port}"

    @property
    def address(self) -> str:
        """Where Nginx answers."""
        return f"127.0.0.1:{self.port}"

    @property
    def demo_password(self) -> str:
        """The password of the demo people."""
        return (self.places.secrets / "demo-password").read_text()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of commands against this system, as its app roles."""
        serving = environments(
            self.places, self.port, embedded_database_urls(self.cluster, self.places)
        ).serving
        return clean_environment() | {n: v for n, v in serving.items() if n.startswith(_ELSEWHERE)}

    def owner(self, database: str = "inventory") -> psycopg.Connection:
        """Connect as the superuser, who may do everything."""
        return psycopg.connect(self.cluster.superuser_url, dbname=database, autocommit=True)

    def app(self) -> psycopg.Connection:
        """Connect as the inventory site's own role."""
        return psycopg.connect(self.environment["INVENTORY_DATABASE_URL"], autocommit=True)

    @property
    def site_pid(self) -> int:
        """The first process of the inventory site, which watches over its workers."""
        return usage.with_word("inventory_site.wsgi", str(self.places.run))[0]

    @property
    def meter(self) -> usage.Meter:
        """What reads the CPU time of the inventory site, PostgreSQL and Nginx."""
        postmaster = (self.places.postgresql / "cluster" / "postmaster.pid").read_text()
        nginx = usage.with_word("nginx: master", str(self.places.run / "nginx"))[0]
        return usage.Meter(self.site_pid, int(postmaster.split("\n", 1)[0]), nginx)

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a management command of the inventory site; raises where it fails."""
        return subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "-m", "inventory_site.manage", *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )


@contextmanager
def system(log: Path | None = None) -> Iterator[System]:
    """Yield a system with nothing but the demo in it; nothing is left of it afterwards.

    Its lines go to `log`. It lies in the directory for temporary files (`TMPDIR`), whose disk is
    thus part of what is measured.
    """
    folder = Path(tempfile.mkdtemp(prefix="techstock-bench-"))
    folder.chmod(passable())
    places, port = Places(folder / "data"), free_port()
    places.create()
    cluster = Cluster(places.postgresql, places.run / "postgresql")
    said = log or folder / "log"
    try:
        _prepare(cluster, said)
        with said.open("ab") as output:
            process = start(
                [sys.executable, "-m", "embedded", "run"],
                environment=clean_environment()
                | {"TECHSTOCK_DATA": str(places.data_dir), "PORT": str(port)},
                directory=ROOT,
                stop_signal=signal.SIGTERM,
                output=output,
            )
        try:
            _wait(process, said, f"http://localhost:{port}")
            yield System(places, cluster, port)
        finally:
            stop(process, stop_signal=signal.SIGTERM, seconds=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clean_environment() -> dict[str, str]:
    """Return our environment without what would lead a new system to data elsewhere."""
    return {n: v for n, v in os.environ.items() if not n.startswith(_ELSEWHERE)}


def free_port() -> int:
    """Return a port nobody listens on, below those that connections get for their own end."""
    while True:
        port = random.randrange(20_000, 30_000)  # noqa: S311 - not a secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def _prepare(cluster: Cluster, said: Path) -> None:
    """Make the cluster, able to count statements but not counting: counting costs a little."""
    with said.open("ab") as output:
        cluster.start(output=output)
    try:
        with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
            connection.execute("ALTER SYSTEM SET pg_stat_statements.track = 'none'")
            connection.execute("CREATE EXTENSION pg_stat_statements")
    finally:
        cluster.stop()


def _wait(process: subprocess.Popen[bytes], said: Path, origin: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while f"TechStock is ready:  {origin}" not in (text := said.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise StartError(f"The system did not start; its last lines:\n{text[-3000:]}")
        time.sleep(0.1)
