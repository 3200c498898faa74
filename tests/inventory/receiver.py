"""A program elsewhere that is told by webhook, and what a test needs to look at what it got."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from inventory_site.access.roles import Role
from inventory_site.notices import delivery, register
from inventory_site.notices.kinds import TOLD
from inventory_site.notices.models import Delivery, Notice, Webhook
from tests.inventory.conftest import person
from tests.stack_fixture import free_port

WAIT = 30  # seconds, after which a test gives up


@dataclass
class Told:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """What it says."""
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass
class Receiver:
    """Answers with `statuses`, one after the other, then with 200; waits while it is not open."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    told: queue.Queue[Told] = field(default_factory=queue.Queue)
    is_open: Event = field(default_factory=Event)

    def next(self) -> Told:
        """Wait for a request."""
        return self.told.get(timeout=WAIT)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What the server calls for each request."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.put(Told(self.path, dict(self.headers.items()), body))
                receiver.is_open.wait(WAIT)
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of those that did not wait for the answer."""


@contextmanager
def receiving(*statuses: int, is_open: bool = True) -> Iterator[Receiver]:
    """Receive until the end of the block."""
    receiver = Receiver(statuses=list(statuses))
    if is_open:
        receiver.is_open.set()
    server = _Server(("127.0.0.1", free_port()), receiver.handler())
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?from=techstock"
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_open.set()
        server.shutdown()
        thread.join()
        server.server_close()


def webhook_to(url: str, *kinds: str, is_active: bool = True) -> tuple[Webhook, str]:
    """Add a webhook for some kinds, for all where none is named; return it with its secret."""
    webhook = Webhook(url=url, kinds=list(kinds or TOLD), is_active=is_active)
    return webhook, register.add(webhook, person=person(Role.MANAGER))


def shortage() -> Notice:
    """Put a notice into the outbox, as the triggers do."""
    product = {"id": 1, "sku": "NB-1", "name": "Notebook"}
    data = {"product": product, "location": None, "on_hand": 1, "reorder_point": 2}
    return Notice.objects.create(kind="low_stock", data=data)


def deliver() -> None:
    """Let a worker deliver what is due, once."""
    delivery.deliver_due(Event())


def make_due() -> None:
    """Let all that waits for another attempt be due."""
    Delivery.objects.waiting().update(next_attempt_at=Now())


def at_commit() -> None:
    """Do now what the database does at the end of an atomic block."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
