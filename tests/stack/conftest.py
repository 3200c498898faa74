"""Systems of their own for tests that break them; Nginx alone for those that look at it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import httpx
import pytest

from tests.stack.door import Site, door, site
from tests.stack.people import SignIn, sign_in
from tests.stack_fixture import Stack, free_port, new_data_dir


@pytest.fixture(scope="package")
def used() -> Iterator[Stack]:
    """Yield a system that has run once, with the demo loaded, and was stopped with SIGTERM."""
    system = Stack(new_data_dir(), port=free_port())
    system.start()
    assert system.stop() == 0
    yield system
    system.stop()
    shutil.rmtree(system.data_dir.parent)


@pytest.fixture
def running(used: Stack, figure: Callable[[str], None]) -> Stack:
    """Return that system running, from the test before where that left it running."""
    if not used.is_running:
        figure(f"later run to a printed address: {used.start():.1f} s")
    return used


@pytest.fixture
def enter() -> Iterator[SignIn]:
    """Sign demo people in; their browsers are closed at the end."""
    with ExitStack() as opened:
        yield lambda *who, **how: opened.enter_context(closing(sign_in(*who, **how)))


@pytest.fixture(scope="module")
def identity() -> Iterator[Site]:
    """A server in the place of the identity site that repeats what it got."""
    with site() as server:
        yield server


@pytest.fixture(scope="module")
def inventory() -> Iterator[Site]:
    """A server in the place of the inventory site that repeats what it got."""
    with site() as server:
        yield server


@pytest.fixture(scope="module", params=["http://localhost:{}", "http://stock.example.com:{}"])
def proxy(
    request: pytest.FixtureRequest, identity: Site, inventory: Site
) -> Iterator[httpx.Client]:
    """Yield a client of Nginx in front of both, for a trusted origin and one that is not."""
    port = free_port()
    identity.prefix = "__Host-" if "localhost" in request.param else ""
    with door(
        request.param.format(port),
        port=port,
        identity=f"127.0.0.1:{identity.server_port}",
        inventory=f"127.0.0.1:{inventory.server_port}",
    ) as client:
        yield client


@pytest.fixture
def asked(identity: Site) -> list[dict[str, Any]]:
    """Return the renewals that the repeating identity site is asked for in this test."""
    identity.asked.clear()
    return identity.asked


@pytest.fixture
def prefix(proxy: httpx.Client) -> str:
    """What the names of our cookies begin with at this origin."""
    return "__Host-" if "localhost" in proxy.headers["Host"] else ""
