"""Database URLs of one's own: no embedded PostgreSQL, no demo, but a first administrator."""

import shutil
from collections.abc import Iterator

import psycopg
import pytest

from embedded.throwaway import throwaway_environment
from tests.stack.test_refusing_to_start import refusal
from tests.stack_fixture import Stack, free_port, new_data_dir

ADMIN = {
    "FIRST_ADMIN_EMAIL": "ana@example.com",
    "FIRST_ADMIN_NAME": "Ana Almeida",
    "FIRST_ADMIN_PASSWORD": "correct-horse-battery",
}


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    with throwaway_environment() as variables:
        yield {name: url for name, url in variables.items() if name.endswith("DATABASE_URL")}


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_without_a_first_admin_it_says_what_is_missing(urls: dict[str, str]) -> None:
    data_dir = new_data_dir()
    said = refusal(data_dir, free_port(), **urls)
    shutil.rmtree(data_dir.parent)
    assert "set FIRST_ADMIN_EMAIL" in said


def test_the_first_admin_comes_from_the_environment_and_nothing_else(urls: dict[str, str]) -> None:
    system = Stack(new_data_dir(), port=free_port(), **urls, **ADMIN)
    try:
        system.start()
        identity, inventory = urls["IDENTITY_DATABASE_URL"], urls["INVENTORY_DATABASE_URL"]
        assert (
            one(identity, "SELECT string_agg(email, ',') FROM accounts_user") == "ana@example.com"
        )
        assert one(inventory, "SELECT count(*) FROM products_product") == 0
        assert not (system.data_dir / "postgresql").exists()
        assert "Demo people" not in system.said
    finally:
        system.stop()
    assert not system.pids()
    shutil.rmtree(system.data_dir.parent)
