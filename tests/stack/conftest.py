"""Systems of their own for tests that stop and break them."""

import shutil
from collections.abc import Callable, Iterator

import pytest

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
