"""What the identity site does without being asked."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import httpx
import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection

from identity_site.tokens import delivery
from identity_site.tokens.key_ring import KeyUnreadable

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # looks for what is due this often, also where nothing wakes it
TIDY_SECONDS = 3600
RETRY_SECONDS = 1.0  # after the database went away


class Command(BaseCommand):
    """Deliver logout notices as soon as they are committed; every hour, tidy up."""

    help = (
        "Tells the inventory site which tokens are void, within moments, and clears sessions that"
        " are over every hour, until it is stopped by SIGTERM. More than one may run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to go on."""
        parser.add_argument(
            "--once", action="store_true", help="do what is due, and end (for cron and tests)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped, or once."""
        with delivery.connect() as client:
            if options["once"]:
                deliver(client)
                tidy()
            else:
                work(client, stop_on_signal())


def stop_on_signal() -> threading.Event:
    """Return an event that is set when we are asked to stop; the work at hand is finished first."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def work(client: httpx.Client, stopping: threading.Event) -> None:
    """Deliver and tidy until stopped. Outlives the database: what is due stays there."""
    tidied_at = float("-inf")
    while not stopping.is_set():
        try:
            listen()
            log.info("waiting for logout notices")
            while not stopping.is_set():
                deliver(client)
                if time.monotonic() - tidied_at >= TIDY_SECONDS:
                    tidy()
                    tidied_at = time.monotonic()
                wait_for_notice()
        except (Error, psycopg.Error, KeyUnreadable) as error:
            log.error("%s; trying again in %s s", error, RETRY_SECONDS)
            connection.close()
            stopping.wait(RETRY_SECONDS)


def listen() -> None:
    """Connect, and have the database tell us of every new notice."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN logout_notice")


def wait_for_notice() -> None:
    """Return when there is a new notice, or after `POLL_SECONDS`."""
    for _notice in connection.connection.notifies(timeout=POLL_SECONDS, stop_after=1):
        pass


def deliver(client: httpx.Client) -> None:
    """Deliver all that is due."""
    while delivery.deliver_due(client):
        pass


def tidy() -> None:
    """Delete what nobody needs any more."""
    delivery.forget_done()
    call_command("clearsessions")
