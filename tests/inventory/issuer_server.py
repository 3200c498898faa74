"""An issuer of public keys whose answers a test chooses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from inventory_site.access.keys import KeyStore
from tests.stack_fixture import free_port


class IssuerServer:
    """Answers with `body`, waits while `is_open` is not set, and counts how often it is asked."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.asked = 0
        self.is_open = threading.Event()
        self.is_open.set()
        self.url = ""

    def publish(self, *keys: dict[str, Any]) -> None:
        """Answer with these keys from now on."""
        self.body = json.dumps({"keys": keys}).encode()


@contextmanager
def serving() -> Iterator[IssuerServer]:
    """Serve until the end of the block."""
    issuer = IssuerServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            issuer.is_open.wait()
            self.send_response(issuer.status)
            self.send_header("Content-Length", str(len(issuer.body)))
            self.end_headers()
            self.wfile.write(issuer.body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}/keys.json"
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield issuer
    finally:
        issuer.is_open.set()
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def public(kid: str, bits: int = 2048) -> dict[str, Any]:
    """Return a published key."""
    key = rsa.generate_private_key(65537, bits).public_key()
    return {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}


def find(store: KeyStore, kid: str) -> object:
    """Return the key when nothing is under way any more."""
    found = store.get(kid)
    end_of_refresh()
    return found


def end_of_refresh() -> None:
    """Wait for the store's thread."""
    for thread in threading.enumerate():
        if "_refresh_behind" in thread.name:
            thread.join()
