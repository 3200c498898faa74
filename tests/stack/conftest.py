"""Systems of their own for tests that stop and break them."""

import shutil
from collections.abc import Iterator

import pytest

from tests.stack_fixture import Stack, free_port, new_data_dir


@pytest.fixture(scope="package")
def used() -> Iterator[Stack]:
    """Yield a system that has run once, with the demo loaded, and was stopped with SIGTERM."""
    system = Stack(new_data_dir(), port=free_port())
    system.start()
    assert system.stop() == 0
    yield system
    shutil.rmtree(system.data_dir.parent)


@pytest.fixture
def running(used: Stack) -> Iterator[Stack]:
    """Yield that system running again."""
    seconds = used.start()
    print(f"\nlater run to a printed address: {seconds:.1f} s")
    yield used
    used.stop()
