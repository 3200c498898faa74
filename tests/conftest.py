"""The test database is made by its owner, used by the app role, emptied by the superuser."""

import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from psycopg import sql
from pytest_django import DjangoDbBlocker

# Rows that migrations make, not tests.
_KEPT_TABLES = [
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "stock_past",
    "stock_policy",
    "stock_reason",
    "tokens_signingkey",  # made once for all tests, because that takes a while
]


def pytest_configure() -> None:
    """Let pages link plain static files: the hashed ones are what the whole stack's tests see."""
    if settings.configured:
        plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STORAGES["staticfiles"] = {"BACKEND": plain}


@pytest.fixture(autouse=True)
def _site_language() -> Iterator[None]:
    """Forget the language of a test's last request, which Django keeps for the thread."""
    yield
    if settings.configured:
        translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Connect as the app role between creation and destruction, as in production."""
    site = settings.SETTINGS_MODULE.partition("_")[0].upper()
    app = urlsplit(os.environ[f"{site}_DATABASE_URL"])
    credentials = {
        "USER": app.username,
        "PASSWORD": unquote(app.password or ""),
        "OPTIONS": getattr(settings, "APP_DATABASE", {}).get("OPTIONS", {}),
    }
    owner = {key: connection.settings_dict[key] for key in credentials}
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        connection.close()
        connection.settings_dict.update(credentials)
        yield
        connection.close()
        connection.settings_dict.update(owner)


def _empty_tables(_test: TransactionTestCase) -> None:
    """Empty the tables after a test with real transactions, which the app role may not do."""
    with psycopg.connect(
        os.environ["SUPERUSER_DATABASE_URL"], dbname=connection.settings_dict["NAME"]
    ) as superuser:
        superuser.execute("SET session_replication_role = replica")  # silences the triggers
        superuser.execute("SET lock_timeout = '10s'")  # a connection left open should be noticed
        rows = superuser.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [_KEPT_TABLES],
        ).fetchall()
        tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in rows)
        superuser.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
