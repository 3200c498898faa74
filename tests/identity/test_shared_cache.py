"""The cache in the database, on which rate limits and used codes rely."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

CROWD = 8


def _settings(entries: int) -> dict[str, object]:
    backend = "identity_site.accounts.shared_cache.SharedCache"
    options = {"MAX_ENTRIES": entries}
    return {"default": {"BACKEND": backend, "LOCATION": "shared_cache", "OPTIONS": options}}


@pytest.mark.usefixtures("db")
def test_a_flood_drives_out_nothing_that_is_still_good() -> None:
    with override_settings(CACHES=_settings(5)):
        cache.set("limit", "kept", 300)
        for number in range(50):
            cache.set(f"flood-{number:02}", "water", 300)
        assert cache.get("limit") == "kept"
        assert cache.get("flood-00") == "water"


@pytest.mark.usefixtures("db")
def test_what_has_expired_goes_when_there_is_much() -> None:
    with override_settings(CACHES=_settings(5)):
        for number in range(20):
            cache.set(f"old-{number}", "gone", -60)
        cache.set("new", "here", 300)
        assert cache.get("new") == "here"
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM shared_cache")
            assert cursor.fetchone()[0] < 10


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_a_key_at_once_one_has_added_it() -> None:
    """The lock of every rate limit is such a key, and so is the mark of a used code."""
    start = Barrier(CROWD)

    def add(key: str) -> bool:
        start.wait()
        try:
            return cache.add(key, True, 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        for number in range(10):
            assert sum(crowd.map(add, [f"key-{number}"] * CROWD)) == 1
