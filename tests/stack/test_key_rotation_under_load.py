"""Signing keys are replaced while people work, and nobody's request is refused."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle

import jwt

from tests.stack.people import MARKER, TOKEN, Browser, SignIn
from tests.stack_fixture import Stack

WANTED = 4_000
LEAD = 10  # seconds
PEOPLE = ("viewer", "operator", "manager", "admin")
# There is no such product, which only people who are let in are told; that costs little.
PAGES = (*["/products/nowhere/"] * 7, "/transactions/")
SERVED = {200, 404}


class Load:
    """Some people who look at pages without pause, each time with a token that was just renewed."""

    def __init__(self, browsers: list[Browser]) -> None:
        self.statuses: Counter[int | str] = Counter()
        self.keys: Counter[str] = Counter()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(each,)) for each in browsers]

    def start(self) -> None:
        """Let everybody begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everybody finish the page they are at."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _work(self, browser: Browser) -> None:
        for page in cycle(PAGES):
            if self._ended.is_set():
                return
            try:
                status: int | str = browser.get(page).status_code
            except Exception as error:
                status = repr(error)
            with self._lock:
                self.statuses[status] += 1
                self.keys[jwt.get_unverified_header(browser.jar[TOKEN])["kid"]] += 1
            browser.forget(MARKER)


def rotate(stack: Stack) -> None:
    """Publish a new key, and wait until it signs."""
    manage = ("exec", "--", sys.executable, "-m", "identity_site.manage")
    stack.run(*manage, "rotate_signing_key", "--lead", str(LEAD))
    time.sleep(LEAD + 5)


def test_two_rotations_refuse_no_request(
    stack: Stack, enter: SignIn, figure: Callable[[str], None]
) -> None:
    load = Load([enter(stack, who) for who in PEOPLE])
    began = time.monotonic()
    load.start()
    try:
        rotate(stack)
        rotate(stack)
        deadline = time.monotonic() + 300
        while load.statuses.total() < WANTED and time.monotonic() < deadline:
            time.sleep(0.5)
    finally:
        load.end()
    figure(
        f"two rotations: {load.statuses.total()} requests in {time.monotonic() - began:.0f} s,"
        f" {dict(load.statuses)}; by key: {list(load.keys.values())}"
    )
    assert load.statuses.total() >= WANTED
    assert load.statuses.keys() == SERVED
    assert len(load.keys) == 3
