"""Where the keys are: sealed in the database, and made there when there is none."""

import os
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from identity_site.sealing import unseal
from identity_site.tokens import key_ring
from identity_site.tokens.key_ring import KeyRing, KeyUnreadable, ring
from identity_site.tokens.models import SigningKey


def test_a_key_that_cannot_be_unsealed_is_named_and_not_replaced(db: None) -> None:
    key = SigningKey.objects.get()
    SigningKey.objects.update(sealed="spoilt")
    ring.forget()
    with pytest.raises(KeyUnreadable, match=key.kid):
        ring.signing()
    assert SigningKey.objects.count() == 1


def test_what_the_database_holds_is_no_key(db: None) -> None:
    sealed = SigningKey.objects.get().sealed
    assert "PRIVATE" not in sealed
    assert "BEGIN PRIVATE KEY" in unseal(sealed)


def test_a_process_looks_again_after_a_while_only(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = KeyRing()
    looking.signing()
    SigningKey.objects.update(sealed="spoilt")
    monkeypatch.setattr(key_ring, "CACHE_SECONDS", 3600)
    looking.signing()
    monkeypatch.setattr(key_ring, "CACHE_SECONDS", 0)
    with pytest.raises(KeyUnreadable):
        looking.signing()


@pytest.fixture
def without_keys(transactional_db: None) -> Iterator[None]:
    """Take the key of all tests away, for this one."""
    with psycopg.connect(
        os.environ["SUPERUSER_DATABASE_URL"], dbname=connection.settings_dict["NAME"]
    ) as superuser:
        superuser.execute("CREATE TABLE kept AS TABLE tokens_signingkey")
        superuser.execute("DELETE FROM tokens_signingkey")
        superuser.commit()
        yield
        superuser.execute("DELETE FROM tokens_signingkey")
        superuser.execute("INSERT INTO tokens_signingkey OVERRIDING SYSTEM VALUE TABLE kept")
        superuser.execute("DROP TABLE kept")


def test_processes_that_start_together_make_one_key(without_keys: None) -> None:
    found: list[str] = []

    def start() -> None:
        found.append(KeyRing().signing().kid)
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [SigningKey.objects.get().kid] * 4
