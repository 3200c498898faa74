"""Alive, and ready."""

import os
import subprocess
import sys

from django.db import connection
from django.test import Client

from identity_site.tokens.key_ring import ring
from identity_site.tokens.models import SigningKey

READY = "/accounts/readyz"


def test_a_missing_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', 'nowhere', true)")
    answer = client.get(READY)
    assert answer.status_code == 503
    assert "accounts.0001_initial" in answer.content.decode()


def test_a_database_that_cannot_be_reached_is_named_and_nothing_else() -> None:
    """In a process of its own, whose database is not there."""
    ask = (
        "import django; django.setup(); from django.conf import settings;"
        "from django.test import Client; client = Client(headers={'host': 'localhost'});"
        "client.cookies[settings.SESSION_COOKIE_NAME] = 'x' * 32;"
        f"answer = client.get('{READY}'); print(answer.status_code, answer.content.decode())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "identity_site.settings",
        "IDENTITY_DATABASE_URL": "postgresql://identity_app:hush@%2Fnowhere/identity",
        "IDENTITY_OWNER_DATABASE_URL": "",
    }
    answer = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "503 database: cannot be reached, or may not be read"


def test_a_signing_key_that_cannot_be_unsealed_is_named(client: Client) -> None:
    key = SigningKey.objects.get()
    SigningKey.objects.update(sealed="spoilt")
    ring.forget()
    answer = client.get(READY)
    assert answer.status_code == 503
    assert answer.content.decode() == (
        f"keys: the signing key {key.kid}: no key of IDENTITY_ENCRYPTION_KEYS opens it\n"
    )


def test_a_complete_site_is_ready_and_alive_for_anybody(client: Client) -> None:
    for path in (READY, "/accounts/healthz"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.cookies


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post(READY).status_code == 405
