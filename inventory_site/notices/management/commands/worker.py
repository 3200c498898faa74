"""What the inventory site does without being asked."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from inventory_site.chores import CHORES, Chore

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # how soon it notices that it is asked to stop
RETRY_SECONDS = 5.0  # after the database went away
KEPT_SECONDS = 10.0  # a chore that rests longer gives its connection back meanwhile


class Command(BaseCommand):
    """Do every chore of `chores.py` whenever its time has come."""

    help = (
        "Delivers webhooks and mail, expires reservations, verifies the ledger and does what else"
        " has to be done regularly, until it is stopped by SIGTERM. More than one may run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to go on."""
        parser.add_argument(
            "--once", action="store_true", help="do every chore once, and end (for cron and tests)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped, or once."""
        stopping = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopping.set())
            work(stopping)
        elif failed := [chore.name for chore in CHORES if not do(chore, stopping)]:
            raise CommandError(f"These chores failed: {', '.join(failed)}.")


def work(stopping: threading.Event) -> None:
    """Do all chores until stopped, each in a thread of its own, so that none waits for another."""
    bells = {chore.name: threading.Event() for chore in CHORES}
    threads = [
        threading.Thread(target=keep_doing, args=[chore, bells[chore.name], stopping])
        for chore in CHORES
    ]
    for thread in threads:
        thread.start()
    while not stopping.is_set():
        try:
            listen()
            log.info("waiting for chores")
            while not stopping.is_set():
                if is_woken():
                    for chore in CHORES:
                        if chore.is_woken:
                            bells[chore.name].set()
        except (Error, psycopg.Error) as error:
            log.error("%s; listening again in %s s", error, RETRY_SECONDS)
            connection.close()
            stopping.wait(RETRY_SECONDS)
    for bell in bells.values():
        bell.set()
    for thread in threads:
        thread.join()


def listen() -> None:
    """Connect, and have the database tell us of every new delivery."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN delivery")


def is_woken() -> bool:
    """Wait for a new delivery, up to `POLL_SECONDS`, and tell whether there was one."""
    return any(True for _ in connection.connection.notifies(timeout=POLL_SECONDS, stop_after=1))


def keep_doing(chore: Chore, bell: threading.Event, stopping: threading.Event) -> None:
    """Do a chore again and again until stopped, whatever becomes of it."""
    while not stopping.is_set():
        do(chore, stopping)
        if chore.seconds > KEPT_SECONDS:
            connection.close()
        bell.wait(chore.seconds)
        bell.clear()
    connection.close()


def do(chore: Chore, stopping: threading.Event) -> bool:
    """Do a chore once and tell whether it went well; what went wrong is in the log."""
    try:
        chore.work(stopping)
    except (Error, psycopg.Error) as error:
        log.error("could not %s: %s", chore.name, str(error).strip())
    except Exception:  # one chore that fails is no reason to leave the others undone
        log.exception("could not %s", chore.name)
    else:
        return True
    connection.close()
    return False
