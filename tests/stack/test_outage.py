"""The inventory site serves while the identity site is down or hangs, and after its own restart."""

from collections.abc import Callable
from statistics import median

import pytest

from tests.stack.people import (
    MARKER,
    Browser,
    Shelf,
    SignIn,
    identity_away,
    restart,
    stopped,
    times,
)
from tests.stack_fixture import Stack

Figure = Callable[[str], None]
PAGES = ("/", "/transactions/")


@pytest.fixture
def browser(stack: Stack, enter: SignIn) -> Browser:
    """The browser of an operator who has just signed in."""
    return enter(stack, "operator")


def in_ms(seconds: list[float]) -> str:
    """Say how long requests took."""
    return f"median {median(seconds) * 1000:.0f} ms, longest {max(seconds) * 1000:.0f} ms"


def pages(browser: Browser, count: int) -> list[float]:
    """Look at pages; the marker is gone at each first, so that a renewal is tried."""
    took = []
    for number in range(count):
        if number % len(PAGES) == 0:
            browser.forget(MARKER)
        took += times(browser, PAGES[number % len(PAGES)], 1)
    return took


def test_nobody_notices_that_identity_is_down_nor_that_inventory_restarts_meanwhile(
    stack: Stack, browser: Browser, figure: Figure
) -> None:
    shelf = Shelf(stack, browser)
    before = shelf.on_hand
    with identity_away(stack):
        door = browser.get("/accounts/login/")
        assert door.status_code == 502
        assert "TechStock is not answering" in door.text
        down = pages(browser, 300)
        assert shelf.receive(htmx=True).status_code == 200
        restart(stack, "inventory")
        restarted = pages(browser, 100)
        assert shelf.receive().status_code == 302
    assert shelf.on_hand == before + 2
    figure(
        f"identity down: {len(down)}/300 requests served, {in_ms(down)};"
        f" inventory restarted meanwhile: {len(restarted)}/100, {in_ms(restarted)}"
    )


def test_a_hung_identity_site_costs_a_browser_one_slow_request(
    stack: Stack, browser: Browser, figure: Figure
) -> None:
    browser.forget(MARKER)
    with stopped(stack.pids("identity_site.wsgi")):
        first, *others = times(browser, "/", 40)
    figure(f"identity hung: one request {first * 1000:.0f} ms, then {in_ms(others)}")
