"""Links that were mailed to somebody do not get into the log."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from identity_site.mailed_links import WithoutMailedLinks

LINK = "/accounts/invitations/a-secret-of-ana/"


def line(record: logging.LogRecord) -> str:
    """Write a record as the handler of the site does."""
    handlers: Any = settings.LOGGING["handlers"]
    assert handlers["stderr"]["filters"] == ["no_mailed_links"]
    assert WithoutMailedLinks().filter(record)
    return record.getMessage()


def test_a_refused_request_is_logged_without_its_link(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get(LINK)
    found = [line(record) for record in caplog.records]
    assert found
    assert not any("a-secret-of-ana" in text for text in found)
    assert any("/accounts/invitations/…" in text for text in found)


def test_every_other_address_stays_whole() -> None:
    told = ("Not Found", "/accounts/x/")
    record = logging.LogRecord("x", logging.INFO, "", 1, "%s: %s", told, None)
    assert line(record) == "Not Found: /accounts/x/"
