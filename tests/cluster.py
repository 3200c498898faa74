"""Pytest plugin: a real PostgreSQL cluster and a complete environment for every run.

It comes before pytest-django reads the settings. When database URLs are already set, nothing is
started and the environment is taken as it is.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from embedded.throwaway import throwaway_environment


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    # Workers of pytest-xdist are children of the controller and inherit its environment.
    if "PYTEST_XDIST_WORKER" not in os.environ and "IDENTITY_DATABASE_URL" not in os.environ:
        stack = ExitStack()
        os.environ.update(stack.enter_context(throwaway_environment()))
        early_config.add_cleanup(stack.close)
    return (yield)
