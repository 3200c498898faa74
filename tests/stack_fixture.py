"""Pytest plugin: the whole system, started as people start it, for tests that look from outside.

Every worker of pytest-xdist that needs one brings up one of its own.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from embedded import processes
from embedded.places import ROOT

FIGURES = pytest.StashKey[list[str]]()
START_SECONDS = 180
STOP_SECONDS = 60
# What the throw-away environment of the other tests says about where the sites' data are.
_ELSEWHERE = (
    *("IDENTITY_", "INVENTORY_", "PUBLIC_ORIGIN", "JWKS_URL", "BACKCHANNEL_", "MAIL_FOLDER"),
    *("SUPERUSER_", "TEST_SIGNING_KEY"),
)


class Stack:
    """One run of `python -m embedded run` on a data directory."""

    def __init__(self, data_dir: Path, *, port: int, **variables: str) -> None:
        self.data_dir = data_dir
        self.port = port
        self.origin = f"http://localhost:{port}"
        self.mail_folder = data_dir / "mail"
        self.log = data_dir.with_suffix(".log")
        self._environment = clean_environment(data_dir, port) | variables
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, wait for the printed address and return the seconds it took."""
        began = time.monotonic()
        with self.log.open("wb") as log:
            self._process = processes.start(
                [sys.executable, "-m", "embedded", "run"],
                environment=self._environment,
                directory=ROOT,
                stop_signal=signal.SIGTERM,
                output=log,
            )
        while f"TechStock is ready:  {self.origin}" not in self.said:
            late = time.monotonic() - began > START_SECONDS
            if late or self._process.poll() is not None:
                self.stop()
                pytest.fail(f"The system did not start:\n{self.said[-6000:]}", pytrace=False)
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(timeout=STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        """Wait for the system to end by itself and return the exit code."""
        assert self._process is not None
        return self._process.wait(timeout=STOP_SECONDS)

    @property
    def said(self) -> str:
        """Everything it has written to the terminal so far."""
        return self.log.read_text()

    @property
    def demo_password(self) -> str:
        """The password of viewer@, operator@, manager@ and admin@techstock.example."""
        return (self.data_dir / "secrets" / "demo-password").read_text()

    @property
    def env(self) -> dict[str, str]:
        """The environment for management commands against this system, as its app roles."""
        program = "import json, os; print(json.dumps(dict(os.environ)))"
        variables: dict[str, str] = json.loads(
            self.run("exec", "--", sys.executable, "-c", program)
        )
        return variables

    def run(self, *arguments: str, text: str = "") -> str:
        """Run a command of `python -m embedded` on this data directory; return its stdout."""
        return subprocess.run(
            [sys.executable, "-m", "embedded", *arguments],
            env=self._environment,
            cwd=ROOT,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def pids(self, word: str = "") -> set[int]:
        """Return the processes that work on this data directory, with `word` in their name."""
        return {
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and self._is_ours(entry, word)
        }

    def _is_ours(self, entry: Path, word: str) -> bool:
        try:
            line = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
            # The worker names the directory only in its environment.
            environment = (entry / "environ").read_text(errors="replace")
            where = f"{entry.joinpath('cwd').readlink()} {line} {environment}"
        except OSError:  # it has just ended
            return False
        return str(self.data_dir) in where and word in line


def clean_environment(data_dir: Path, port: int) -> dict[str, str]:
    """Return our environment without what would lead a new system to data elsewhere."""
    ours = {n: v for n, v in os.environ.items() if not n.startswith(_ELSEWHERE)}
    return ours | {"TECHSTOCK_DATA": str(data_dir), "PORT": str(port)}


def free_port() -> int:
    """Return a port nobody listens on, below those that connections get for their own end."""
    while True:
        port = random.randrange(20000, 30000)  # noqa: S311 - not a secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def new_data_dir() -> Path:
    """Return the name of a new data directory that every user may enter; short, for sockets."""
    parent = Path(tempfile.mkdtemp(prefix="techstock-"))
    parent.chmod(0o711)
    return parent / "data"


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the figures of a worker of pytest-xdist, which has no output of its own."""
    node.config.stash.setdefault(FIGURES, []).extend(node.workeroutput.get("figures", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures of all workers."""
    for text in terminalreporter.config.stash.get(FIGURES, []):
        terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return a way to show a measured figure in the run's own output."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    sent: dict[str, Any] | None = getattr(request.config, "workeroutput", None)

    def show(text: str) -> None:
        if sent is not None:
            sent.setdefault("figures", []).append(text)
            return
        with capture.global_and_fixture_disabled():
            print(f"\n{text}")

    return show


@pytest.fixture(scope="session")
def stack(figure: Callable[[str], None]) -> Iterator[Stack]:
    """Yield the whole system with the demo people and the full demo catalogue."""
    running = Stack(new_data_dir(), port=free_port())
    figure(f"no data to a printed address, packages in place: {running.start():.1f} s")
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.data_dir.parent)
