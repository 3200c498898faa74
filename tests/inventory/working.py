"""The worker as a process of its own, on the test's database."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.inventory.receiver import WAIT


class Worker:
    """A worker of its own, on the test's database."""

    def __init__(self, **variables: str) -> None:
        database = urlsplit(os.environ["INVENTORY_DATABASE_URL"])
        environment = {
            "INVENTORY_DATABASE_URL": database._replace(
                path=f"/{connection.settings_dict['NAME']}"
            ).geturl(),
            "INVENTORY_OWNER_DATABASE_URL": "",
            "WEBHOOK_PRIVATE_ADDRESSES": "1",
            **variables,
        }
        command = [sys.executable, "-m", "inventory_site.manage", "worker"]
        self.process = subprocess.Popen(
            command, env=os.environ | environment, stderr=subprocess.PIPE, text=True
        )

    def wait_for(self, text: str) -> None:
        """Read on until it says so; a watchdog ends a worker that never does."""
        watchdog = threading.Timer(WAIT, self.process.kill)
        watchdog.start()
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if text in line:
                break
        else:
            pytest.fail("".join(said))
        watchdog.cancel()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=WAIT)


@contextmanager
def working(**variables: str) -> Iterator[Worker]:
    worker = Worker(**variables)
    try:
        worker.wait_for("waiting for chores")
        yield worker
    finally:
        worker.process.kill()
        worker.process.communicate()


@contextmanager
def without_database() -> Iterator[None]:
    """Let nobody connect to the database, and cut off the worker that did."""
    name = connection.settings_dict["NAME"]
    connection.ensure_connection()
    allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as superuser:
        superuser.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        try:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
                " AND pid <> %s",
                [name, connection.connection.info.backend_pid],
            )
            yield
        finally:
            superuser.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
