"""The worker as a process: woken by the database, outliving it, stopped by a signal."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from identity_site.tokens import revocation
from identity_site.tokens.key_ring import CACHE_SECONDS
from identity_site.tokens.models import SigningKey
from tests.identity.inventory_door import WAIT, Door, open_door
from tests.identity.tokens import read

SID = "5" * 32
pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """A worker of its own, on the test's database."""

    def __init__(self, address: str) -> None:
        server = os.environ["IDENTITY_DATABASE_URL"].rpartition("/")[0]
        environment = {
            "IDENTITY_DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
            "IDENTITY_OWNER_DATABASE_URL": "",
            "BACKCHANNEL_ADDRESS": address,
        }
        command = [sys.executable, "-m", "identity_site.manage", "worker"]
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
def working(address: str) -> Iterator[Worker]:
    worker = Worker(address)
    try:
        worker.wait_for("waiting for logout notices")
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


@contextmanager
def spoilt_keys() -> Iterator[None]:
    """Store what no encryption key opens in place of the signing key."""
    sealed = SigningKey.objects.get().sealed
    SigningKey.objects.update(sealed="spoilt")
    try:
        yield
    finally:
        SigningKey.objects.update(sealed=sealed)


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """Where the notices go."""
    with open_door() as door:
        yield door


@pytest.fixture(scope="module")
def worker(django_db_setup: None, door: Door) -> Iterator[Worker]:
    """A worker for several tests, since it takes seconds to start."""
    with working(door.address) as worker:
        yield worker


def test_it_is_stopped_by_a_signal(transactional_db: None) -> None:
    with working("127.0.0.1:9") as worker:
        assert worker.stop() == 0


def test_it_tells_what_is_committed_and_nothing_else(worker: Worker, door: Door) -> None:
    undone, done = uuid.uuid4(), uuid.uuid4()
    with transaction.atomic():
        revocation.revoke_person(undone)
        transaction.set_rollback(True)
    revocation.revoke_person(done)
    assert read(door.next_knock().token)["sub"] == str(done)


def test_it_tries_again_until_it_is_heard(worker: Worker, door: Door) -> None:
    door.statuses[:] = [503, 503]
    revocation.revoke_session(SID)
    knocks = [door.next_knock() for _attempt in range(3)]
    assert len({read(knock.token)["jti"] for knock in knocks}) == 3


def test_it_outlives_the_database(worker: Worker, door: Door) -> None:
    with without_database():
        worker.wait_for("trying again")
    revocation.revoke_session(SID)
    assert read(door.next_knock().token)["sid"] == SID


def test_it_outlives_a_key_that_cannot_be_read(worker: Worker, door: Door) -> None:
    with spoilt_keys():
        time.sleep(CACHE_SECONDS)  # for so long it still knows the key
        revocation.revoke_session(SID)
        worker.wait_for("no key of IDENTITY_ENCRYPTION_KEYS opens it; trying again")
    assert read(door.next_knock().token)["sid"] == SID
