"""A demo person who has signed in, as a browser would hold it: cookies, and the secret of forms."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from embedded.bench.connection import Answer, Connection
from embedded.bench.system import System

_GOOD_FOR = 480.0  # seconds; a token ends after 900, and what a benchmark takes comes on top


class SignInFailed(Exception):
    """The system did not let a demo person in."""


class Person:
    """Somebody with a browser. Requests are bytes, made once, so that sending one costs little."""

    def __init__(self, system: System, name: str) -> None:
        self._system, self._name = system, name
        self._cookies: dict[str, str] = {}
        self.signed_in_at = time.monotonic()
        self.form_secret = ""
        self._sign_in()

    def get(self, path: str, **headers: str) -> bytes:
        """Return a request for a page; underscores in names of headers mean dashes."""
        return self._request("GET", path, headers)

    def fragment(self, path: str, *, target: str = "results", page: str = "/") -> bytes:
        """Return a request of htmx for a part of `page`."""
        return self._request("GET", path, self._htmx(target, page))

    def post(
        self, path: str, fields: Mapping[str, str], *, target: str = "", page: str = "/"
    ) -> bytes:
        """Return the request that sends a form; with a `target`, as htmx does."""
        headers = self._htmx(target, page) if target else {}
        body = urlencode({"csrfmiddlewaretoken": self.form_secret, **fields}).encode()
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        return self._request("POST", path, headers, body)

    def ask(self, request: bytes) -> Answer:
        """Send a request now and keep the cookies that come back."""
        connection = Connection(self._system.address)  # a kept one is closed by Nginx after a while
        answer = connection.ask(request)
        connection.close()
        for header in answer.headers("set-cookie"):
            name, _, rest = header.partition("=")
            if re.search(r"max-age=0\b", rest, re.IGNORECASE):
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = rest.partition(";")[0].strip('"')
        return answer

    @property
    def is_fresh(self) -> bool:
        """Whether the token lasts for another benchmark."""
        return time.monotonic() - self.signed_in_at < _GOOD_FOR

    def _sign_in(self) -> None:
        page = self.ask(self.get("/accounts/login/"))
        self.form_secret = _form_secret(page)
        fields = {
            "login": f"{self._name}@techstock.example",
            "password": self._system.demo_password,
        }
        answer = self.ask(self.post("/accounts/login/", fields))
        if answer.status != 302:
            raise SignInFailed(f"Signing in answered {answer.status}: {answer.text[:500]}")
        self.form_secret = _form_secret(self.ask(self.get("/")))

    def _htmx(self, target: str, page: str) -> dict[str, str]:
        return {
            "HX-Request": "true",
            "HX-Target": target,
            "HX-Current-URL": f"{self._system.origin}{page}",
        }

    def _request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: localhost:{self._system.port}",
            f"Origin: {self._system.origin}",
            "User-Agent: a browser",
            "Accept-Language: en",
            "Cookie: " + "; ".join(f"{n}={v}" for n, v in self._cookies.items()),
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            *([f"Content-Length: {len(body)}"] if body else []),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


def _form_secret(page: Answer) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if found is None:
        raise SignInFailed(f"A page without a form ({page.status}): {page.text[:500]}")
    return found.group(1)
