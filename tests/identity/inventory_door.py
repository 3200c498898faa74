"""A door that stands where the inventory site's would, and writes down who knocks.

What that site makes of a notice is tested with both sites running.
"""

import queue
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from identity_site.tokens.models import LogoutNotice
from tests.stack_fixture import free_port

WAIT = 30  # seconds, after which a test gives up


@dataclass
class Knock:
    """One request."""

    path: str
    headers: dict[str, str]
    fields: dict[str, list[str]]

    @property
    def token(self) -> str:
        """The one thing that it carries."""
        assert set(self.fields) == {"logout_token"}
        (token,) = self.fields["logout_token"]
        return token


@dataclass
class Door:
    """Answers with `statuses`, one after the other, and with 200 when there are none left."""

    address: str = ""
    statuses: list[int] = field(default_factory=list)
    knocks: queue.Queue[Knock] = field(default_factory=queue.Queue)

    def next_knock(self) -> Knock:
        """Wait for somebody."""
        return self.knocks.get(timeout=WAIT)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What the server calls for each request."""
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                door.knocks.put(Knock(self.path, headers, parse_qs(body)))
                self.send_response(door.statuses.pop(0) if door.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def address_string(self) -> str:
                return "somebody"  # a Unix socket has no address

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        return Handler


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def open_door(*statuses: int, socket: Path | None = None) -> Iterator[Door]:
    """Open a door, at a Unix socket where one is named."""
    door = Door(statuses=list(statuses))
    if socket:
        server: socketserver.BaseServer = _Unix(str(socket), door.handler())
        door.address = f"unix:{socket}"
    else:
        port = free_port()
        server = _Tcp(("127.0.0.1", port), door.handler())
        door.address = f"127.0.0.1:{port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def deliver(door: Door | None = None) -> None:
    """Let the worker work once; without a door, nobody answers."""
    with override_settings(BACKCHANNEL_ADDRESS=door.address if door else "127.0.0.1:9"):
        call_command("worker", "--once")


def make_due() -> None:
    """Let all that waits for another attempt be due."""
    LogoutNotice.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
