"""One kept-alive HTTP/1.1 connection, with as little of our own work per request as Python allows.

A load generator shares the machine with what it measures, so that what a general client spends on
each request would be taken from the server.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass

PATIENCE = 120.0
"""Seconds after which an answer is given up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `head` is the status line and the headers as they came."""

    status: int
    head: bytes
    body: bytes

    def headers(self, name: str) -> list[str]:
        """Return the values of every header of this name."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return [value.strip() for key, _, value in pairs if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


class Connection:
    """A connection to `host:port` or `unix:/path`, opened anew when the server has closed it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """Send a whole request and return the whole answer.

        Raises OSError when the server is gone, or breaks off in the middle.
        """
        if self._socket is None:
            self._socket = _opened(self._address)
        try:
            self._socket.sendall(request)
            answer = _received(self._socket)
        except OSError:
            self.close()
            raise
        if b"\r\nconnection: close\r\n" in answer.head.lower() + b"\r\n":
            self.close()  # Nginx does so after so many requests
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None


def _opened(address: str) -> socket.socket:
    if address.startswith("unix:"):
        opened = socket.socket(socket.AF_UNIX)
        opened.settimeout(PATIENCE)
        opened.connect(address.removeprefix("unix:"))
        return opened
    host, _, port = address.rpartition(":")
    opened = socket.create_connection((host, int(port)), timeout=PATIENCE)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _received(source: socket.socket) -> Answer:
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _some(source)
    head, body = data[:end], data[end + 4 :]
    status = int(head[9:12])
    lower = head.lower()
    if status in {204, 304}:
        return Answer(status, head, b"")
    if b"\r\ntransfer-encoding: chunked" in lower:
        return Answer(status, head, _chunks(source, body))
    at = lower.find(b"\r\ncontent-length:")
    if at < 0:
        raise OSError("an answer without a length")
    length = int(lower[at + 17 :].split(b"\r\n", 1)[0])
    parts, missing = [body], length - len(body)
    while missing > 0:
        parts.append(_some(source))
        missing -= len(parts[-1])
    return Answer(status, head, b"".join(parts))


def _chunks(source: socket.socket, data: bytes) -> bytes:
    body: list[bytes] = []
    while True:
        while (end := data.find(b"\r\n")) < 0:
            data += _some(source)
        size = int(data[:end].split(b";")[0], 16)
        parts, have = [data[end + 2 :]], len(data) - end - 2
        while have < size + 2:
            parts.append(_some(source))
            have += len(parts[-1])
        data = b"".join(parts)
        if size == 0:
            return b"".join(body)
        body.append(data[:size])
        data = data[size + 2 :]


def _some(source: socket.socket) -> bytes:
    data = source.recv(262_144)
    if not data:
        raise OSError("the server broke off")
    return data
