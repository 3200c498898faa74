"""A connection that went while nobody looked costs nobody a request."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from inventory_site.database import base

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cut_off(operator: Client) -> Client:
    """An operator whose connection to the database was ended since the last request."""
    assert operator.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    another = connection.copy()
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        assert cursor.fetchone() == (True,)
    another.close()
    return operator


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets that say nothing, as where something in between has dropped the connection."""
    poll = Mock(return_value=Mock(poll=Mock(return_value=[])))
    monkeypatch.setattr("select.poll", poll)


def test_after_the_server_ended_it_the_next_request_is_answered(cut_off: Client) -> None:
    close_old_connections()  # a request begins
    assert cut_off.get("/").status_code == 200


def test_after_a_while_a_silent_connection_is_not_trusted(
    cut_off: Client, silence: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PING_AFTER", 0)
    close_old_connections()
    assert cut_off.get("/").status_code == 200


def test_one_that_was_just_used_is_trusted_without_asking(cut_off: Client, silence: None) -> None:
    assert connection.is_usable()
    connection.close()


def test_connections_are_kept_alive_and_given_up_in_time() -> None:
    options = connection.get_connection_params()
    assert options["keepalives_idle"] < base.PING_AFTER
    assert options["tcp_user_timeout"] == 10_000
