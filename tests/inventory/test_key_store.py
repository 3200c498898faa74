"""The issuer's keys: the last good ones stay good, whatever the issuer says or does not say."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from inventory_site.access import keys
from inventory_site.access.keys import KeyStore
from tests.inventory.issuer_server import IssuerServer, end_of_refresh, find, public, serving

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


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an unknown key id ask every time."""
    monkeypatch.setattr(keys, "RETRY_SECONDS", 0)


def curve(kid: str) -> dict[str, Any]:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return {**ECAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig"}


def test_without_issuer_and_memory_nothing_is_known(gone: str) -> None:
    store = KeyStore(gone)
    assert store.get("old") is None
    assert not store.ready()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"<!doctype html><title>502</title>",
        b"[]",
        b"null",
        b'{"keys": []}',
        b'{"keys": null}',
        b'{"keys": [7]}',
        b'{"keys": [{"kty": "RSA"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "oct", "kid": "old", "k": "AAAA"}]}',
        b'{"keys": ' + b"[" * 5000,
        b" " * 65_536 + b'{"keys": []}',
    ],
)
def test_rubbish_leaves_the_last_good_keys(issuer: IssuerServer, rubbish: bytes) -> None:
    store = KeyStore(issuer.url)
    assert find(store, "old")
    issuer.body = rubbish
    assert find(store, "new") is None
    assert find(store, "old")
    assert issuer.asked > 1


@pytest.mark.usefixtures("at_once")
def test_so_do_errors_and_keys_of_no_use(issuer: IssuerServer) -> None:
    store = KeyStore(issuer.url)
    assert find(store, "old")
    issuer.publish(public("new"))
    issuer.status = 500
    assert find(store, "new") is None
    for useless in (
        public("new", 1024),
        curve("new"),
        {**public("new"), "use": "enc"},
        {name: public("new")[name] for name in ("kty", "n", "e")},
    ):
        issuer.publish(useless)
        issuer.status = 200
        assert find(store, "new") is None
        assert find(store, "old")


def test_a_key_that_is_unknown_is_asked_for_once_in_a_while(issuer: IssuerServer) -> None:
    store = KeyStore(issuer.url)
    assert find(store, "old")
    assert [find(store, f"unknown-{n}") for n in range(50)] == [None] * 50
    assert issuer.asked == 2
    issuer.publish(public("old"), public("new"))
    assert store.get("new") is None  # a little later it is found


@pytest.mark.usefixtures("at_once")
def test_a_new_key_is_found_and_one_that_is_no_longer_published_is_forgotten(
    issuer: IssuerServer, gone: str
) -> None:
    store = KeyStore(issuer.url)
    assert find(store, "old")
    issuer.publish(public("old"), public("new"))
    assert find(store, "new")
    assert find(store, "old")
    issuer.publish(public("new"))
    find(store, "somebody's")
    assert find(store, "old") is None
    assert find(KeyStore(gone), "old") is None  # nor does a new process remember it


def test_after_an_idle_time_a_key_that_was_replaced_meanwhile_is_good_for_nobody(
    issuer: IssuerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = KeyStore(issuer.url)
    issuer.publish(public("old"))
    assert store.get("old")
    end_of_refresh()
    issuer.publish(public("new"))
    monkeypatch.setattr(keys, "IDLE_SECONDS", -1)  # as if a long time had gone by
    monkeypatch.setattr(store, "_refresh_at", 0)
    assert store.get("old") is None
