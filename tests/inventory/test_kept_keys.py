"""The keys in the database: for processes that start while the issuer is down."""

import os
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection

from inventory_site.access.keys import KeyStore
from inventory_site.access.models import PublishedKeys
from tests.inventory.issuer_server import IssuerServer, end_of_refresh, public, serving

pytestmark = pytest.mark.django_db(transaction=True)  # the store's threads connect by themselves


@pytest.fixture
def issuer() -> Iterator[IssuerServer]:
    """An issuer that publishes the old key."""
    with serving() as server:
        server.publish(public("old"))
        yield server


@pytest.fixture
def gone() -> str:
    """Where an issuer answered that is down now."""
    with serving() as server:
        return server.url


def test_processes_that_start_while_the_issuer_is_down_know_what_was_known(
    issuer: IssuerServer, gone: str
) -> None:
    assert KeyStore(issuer.url).get("old")
    for store in (KeyStore(gone), KeyStore(gone)):
        assert store.ready()
        assert store.get("old")
        assert store.get("new") is None
        end_of_refresh()


def test_only_what_verifying_needs_is_kept(issuer: IssuerServer) -> None:
    issuer.publish({**public("old"), "d": "AQAB", "note": "x"})
    assert KeyStore(issuer.url).get("old")
    (kept,) = PublishedKeys.objects.get().document["keys"]
    assert set(kept) == {"kty", "n", "e", "kid", "use", "alg"}


def test_nobody_waits_while_the_keys_are_asked_for_again(issuer: IssuerServer) -> None:
    issuer.publish(public("old"), public("new"))
    assert KeyStore(issuer.url).get("old")
    issuer.is_open.clear()  # it hangs
    issuer.asked = 0
    store = KeyStore(issuer.url)  # a new process, so its keys may be out of date
    assert all(store.get("old") for _ in range(20))
    issuer.publish(public("new"))
    issuer.is_open.set()
    end_of_refresh()
    assert issuer.asked == 1
    assert store.get("old") is None
    assert store.get("new")


def test_the_thread_leaves_no_connection_behind(issuer: IssuerServer) -> None:
    assert KeyStore(issuer.url).get("old")
    before = connections()
    issuer.publish(public("new"))  # so that there is something to write
    assert KeyStore(issuer.url).get("old")
    end_of_refresh()
    assert PublishedKeys.objects.get().document["keys"][0]["kid"] == "new"
    deadline = time.monotonic() + 10  # the server may take a moment to see that one was closed
    while connections() != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert connections() == before


def connections() -> int:
    """Count who is connected to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_a_database_that_refuses_keeps_nobody_out(
    issuer: IssuerServer, caplog: pytest.LogCaptureFixture
) -> None:
    name = connection.settings_dict["NAME"]
    with psycopg.connect(
        os.environ["SUPERUSER_DATABASE_URL"], dbname=name, autocommit=True
    ) as superuser:
        superuser.execute("REVOKE ALL ON access_publishedkeys FROM inventory_app")
        try:
            assert KeyStore(issuer.url).get("old")
        finally:
            rights = "GRANT SELECT, INSERT, UPDATE ON access_publishedkeys TO inventory_app"
            superuser.execute(rights)
    assert "could not read the public keys that were kept" in caplog.text
    assert "could not keep the public keys" in caplog.text


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access_publishedkeys",
        "INSERT INTO access_publishedkeys (id, document) VALUES (2, '{}')",
    ],
)
def test_there_is_one_row_which_the_site_does_not_remove(statement: str) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)
