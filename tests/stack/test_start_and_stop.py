"""What `make run` promises about starting, stopping and the data in between."""

import os
import signal
import time
from collections.abc import Callable

import httpx
import pytest

from tests.stack_fixture import Stack

COUNT = "SELECT count(*), sum(quantity) FROM stock_transaction;"
DEMO = "3539 | 149822"  # the lines and units of opening stock that the catalogue makes


def until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for something that happens soon; False when it did not."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def ready(system: Stack) -> bool:
    paths = ("/readyz", "/accounts/readyz")
    return all(httpx.get(system.origin + path).status_code == 200 for path in paths)


def test_both_sites_are_ready_through_nginx_and_their_workers_run(stack: Stack) -> None:
    assert ready(stack)
    assert len(stack.pids("identity_site.manage worker")) == 1
    assert len(stack.pids("inventory_site.manage worker")) == 1


def test_it_prints_address_demo_people_data_and_mail(stack: Stack) -> None:
    assert f"TechStock is ready:  {stack.origin}" in stack.said
    assert f"all with the password {stack.demo_password}" in stack.said
    for person in ("viewer", "operator", "manager", "admin"):
        assert f"{person}@techstock.example" in stack.said
    assert str(stack.data_dir) in stack.said
    assert str(stack.mail_folder) in stack.said


def test_the_demo_is_the_whole_catalogue_with_opening_stock(stack: Stack) -> None:
    said = stack.run("psql", "inventory", text="SELECT count(*) FROM products_product;")
    assert "3769" in said


def test_secrets_can_be_read_by_their_owner_only(stack: Stack) -> None:
    folder = stack.data_dir / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (stack.data_dir / "postgresql" / "superuser-password").stat().st_mode & 0o777 == 0o600


def test_sigterm_leaves_no_process_and_a_clean_cluster(used: Stack) -> None:
    assert not used.pids()
    assert "database system is shut down" in used.said
    assert not (used.data_dir / "postgresql" / "cluster" / "postmaster.pid").exists()


def test_data_stay_for_the_next_run(running: Stack) -> None:
    assert DEMO in running.run("psql", "inventory", text=COUNT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_stop_it_cleanly(
    running: Stack, number: signal.Signals
) -> None:
    assert running.stop(number) == 0
    assert not running.pids()
    assert "was interrupted" not in running.said
    assert "database system is shut down" in running.said


def test_a_killed_supervisor_leaves_nothing_and_the_next_run_recovers(running: Stack) -> None:
    running.stop(signal.SIGKILL)
    assert until(lambda: not running.pids())
    running.start()
    assert ready(running)


def test_a_killed_database_server_is_recovered_on_the_next_run(running: Stack) -> None:
    (postmaster,) = running.pids("bin/postgres ")
    os.kill(postmaster, signal.SIGKILL)
    assert running.wait() == 1
    assert "PostgreSQL ended unexpectedly by signal 9; stopping everything." in running.said
    assert until(lambda: not running.pids())
    running.start()
    assert "database system was not properly shut down" in running.said
    assert ready(running)


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("identity_site.wsgi", "identity"),
        ("identity_site.manage worker", "worker"),
        ("inventory_site.manage worker", "chores"),
    ],
)
def test_a_site_or_worker_that_ends_takes_the_rest_down(
    running: Stack, program: str, name: str
) -> None:
    first = min(running.pids(program))
    os.kill(first, signal.SIGKILL)
    assert running.wait() == 1
    assert f"{name} ended unexpectedly by signal 9; stopping everything." in running.said
    assert until(lambda: not running.pids())
