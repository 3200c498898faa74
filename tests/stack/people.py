"""People with browsers, and what they do and hold, against a whole system."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from tests.contract.conftest import Cookies, form_token
from tests.stack_fixture import Stack

TOKEN, MARKER, SESSION = "__Host-ts_at", "__Host-ts_fresh", "__Host-id_session"


SignIn = Callable[..., "Browser"]


class Browser(httpx.Client):
    """Keeps cookies as a browser does, except that nothing expires by itself."""

    def __init__(self, origin: str) -> None:
        self.jar = Cookies()
        hooks: dict[str, list[Callable[..., None]]] = {
            "request": [self.jar.sign],
            "response": [self.jar.keep],
        }
        headers = {"Origin": origin, "User-Agent": "a browser"}
        super().__init__(base_url=origin, event_hooks=hooks, headers=headers, timeout=20)

    def forget(self, *names: str) -> None:
        """Lose cookies, as when their time is over."""
        for name in names:
            self.jar.pop(name, None)

    def fill_in(self, address: str, **fields: str) -> httpx.Response:
        """Open a page and send its form back to the same address."""
        secret = {"csrfmiddlewaretoken": form_token(self.get(address))}
        return self.post(address, data=secret | fields)


def sign_in(stack: Stack, who: str, *, password: str = "") -> Browser:
    """Return the browser of a demo person who has just signed in."""
    browser = Browser(stack.origin)
    fields = {"login": f"{who}@techstock.example", "password": password or stack.demo_password}
    answer = browser.fill_in("/accounts/login/", **fields)
    if answer.status_code != 302:
        browser.close()
    assert answer.status_code == 302, answer.text
    return browser


def ask(stack: Stack, site: str, query: str) -> list[list[str]]:
    """Return the rows that a query has in a site's database, as text."""
    text = f"\\set ON_ERROR_STOP on\n\\pset tuples_only on\n\\pset format unaligned\n{query};"
    lines = stack.run("psql", site, "--owner", text=text).splitlines()
    return [line.split("|") for line in lines if "|" in line or line.isdigit()]


class Shelf:
    """A product at a place, and the form that moves it, as `browser` was shown it."""

    def __init__(self, stack: Stack, browser: Browser) -> None:
        self._stack, self._browser = stack, browser
        self._secret = form_token(browser.get("/"))
        query = (
            "SELECT p.sku, l.code, s.id FROM stock_level s JOIN products_product p"
            " ON p.id = s.product_id JOIN products_location l ON l.id = s.location_id"
            " WHERE s.on_hand > 5 ORDER BY random() LIMIT 1"
        )
        ((self.sku, self.place, self._level),) = ask(stack, "inventory", query)

    @property
    def on_hand(self) -> int:
        """How many units the ledger says there are."""
        query = f"SELECT on_hand FROM stock_level WHERE id = {self._level}"
        ((count,),) = ask(self._stack, "inventory", query)
        return int(count)

    def receive(self, *, htmx: bool = False) -> httpx.Response:
        """Press +1, with or without scripts."""
        fields = {"kind": "receipt", "quantity": "1", "location": self.place}
        fields |= {"csrfmiddlewaretoken": self._secret, "idempotency_key": str(uuid.uuid4())}
        headers = {"HX-Request": "true", "HX-Target": f"qty-{self._level}"} if htmx else {}
        headers |= {"HX-Current-URL": f"{self._stack.origin}/"} if htmx else {}
        address = f"/products/{self.sku}/transactions/"
        return self._browser.post(address, data=fields, headers=headers)


@contextmanager
def stopped(pids: set[int]) -> Iterator[None]:
    """Let processes hang while the block lasts."""
    assert pids
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def restart(stack: Stack, site: str) -> None:
    """Replace every worker of a site by a new one, which remembers nothing and nobody."""
    before = stack.pids(f"{site}_site.wsgi")
    master = min(before)
    os.kill(master, signal.SIGHUP)
    deadline = time.monotonic() + 60
    while stack.pids(f"{site}_site.wsgi") & before != {master} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert stack.pids(f"{site}_site.wsgi") & before == {master}


@contextmanager
def identity_away(stack: Stack) -> Iterator[None]:
    """Let nobody reach the identity site while the block lasts."""
    (socket,) = stack.data_dir.glob("run/sites/identity.sock")
    hidden = socket.rename(socket.with_suffix(".hidden"))
    try:
        restart(stack, "identity")  # which ends the connections that were open
        yield
    finally:
        hidden.rename(socket)


def times(browser: Browser, address: str, count: int) -> list[float]:
    """Ask for a page again and again; return the seconds of each, once all have succeeded."""
    took = []
    for _ in range(count):
        began = time.monotonic()
        answer = browser.get(address)
        took.append(time.monotonic() - began)
        assert answer.status_code == 200, answer.text
    return took
