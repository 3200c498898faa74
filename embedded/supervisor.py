"""Keeps PostgreSQL, both sites and Nginx together: they start in that order and stop in reverse.

Each site has a second process, its worker: that of the identity site tells the inventory site what
is revoked, that of the inventory site does its chores.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from embedded import nginx, processes
from embedded.console import Console
from embedded.environment import SITES, for_site
from embedded.places import ROOT, Places
from embedded.postgresql import Cluster
from embedded.processes import StartError, daemon_uid, give_to_daemons

_STOP_SECONDS = 10  # what a request may still take when a site stops
_READY_SECONDS = 60


class ChildDiedError(Exception):
    """A process that should run for ever has ended; the text names it."""


class Supervisor:
    """The running system. Leaving the `with` block stops everything in a bounded time."""

    def __init__(self, places: Places, console: Console) -> None:
        self.places = places
        self.console = console
        self.cluster: Cluster | None = None
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._passing: list[subprocess.Popen[bytes]] = []
        self._record = places.run / "processes"

    def __enter__(self) -> Self:
        self._end_leftovers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._children:
            self.console.say("Stopping …")
        processes.stop(*self._passing, stop_signal=signal.SIGTERM, seconds=_STOP_SECONDS)
        self._stop("nginx", stop_signal=signal.SIGQUIT)
        self._stop("identity", "inventory", "worker", "chores", stop_signal=signal.SIGTERM)
        if self.cluster is not None:
            self.cluster.stop()
        self._record.unlink(missing_ok=True)

    def start_postgresql(self) -> Cluster:
        """Start our own cluster."""
        self.cluster = Cluster(self.places.postgresql, self.places.run / "postgresql")
        with self.console.lines_of("postgresql") as output:
            self.cluster.start(output=output)
        if self.cluster.process is not None:
            self._children["PostgreSQL"] = self.cluster.process
        return self.cluster

    def run_together(
        self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]
    ) -> None:
        """Run one Python command for each site at the same time, and wait for all of them."""
        self._passing = [self._start(n, c, environment) for n, c in commands.items()]
        for name, process in zip(commands, self._passing, strict=True):
            if process.wait() != 0:
                raise StartError(f"Preparing {name} failed; its last lines above say why.")
        self._passing = []

    def start_sites(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Start both sites and their workers; return the address of each site."""
        sockets = self._sockets()
        for site, socket in sockets.items():
            socket.unlink(missing_ok=True)  # of a run that was killed
            socket.parent.mkdir(exist_ok=True)
            socket.parent.chmod(0o700)
            give_to_daemons(socket.parent)
            command = ["-m", "gunicorn", f"{site}_site.wsgi:application", *_gunicorn(socket)]
            self._children[site] = self._start(site, command, environment)
        for site, label in (("identity", "worker"), ("inventory", "chores")):
            command = ["-m", f"{site}_site.manage", "worker"]
            self._children[label] = self._start(site, command, environment, label=label)
        self._remember_children()
        return {site: f"unix:{socket}" for site, socket in sockets.items()}

    def start_nginx(self, *, public_origin: str, port: int, addresses: Mapping[str, str]) -> None:
        """Start Nginx on 127.0.0.1."""
        prefix = self.places.run / "nginx"
        values = nginx.variables(
            public_origin=public_origin,
            listen=f"127.0.0.1:{port}",
            identity=addresses["identity"],
            inventory=addresses["inventory"],
            run_dir=str(prefix),
            access_log="/dev/stdout",
        )
        nginx.write_prefix(prefix, values)
        with self.console.lines_of("nginx") as output:
            self._children["nginx"] = processes.start(
                nginx.command(prefix, copies=self.places.data_dir / "programs"),
                environment={},
                directory=prefix,
                stop_signal=signal.SIGTERM,
                uid=daemon_uid(),
                output=output,
            )
        self._remember_children()

    def wait_until_ready(self, port: int) -> None:
        """Return when both sites say through Nginx that they are ready."""
        deadline = time.monotonic() + _READY_SECONDS
        while not all(path.exists() for path in self._sockets().values()):
            self._check_children()
            time.sleep(0.02)
        for path in ("/readyz", "/accounts/readyz"):
            while answer := _refusal(f"http://127.0.0.1:{port}{path}"):
                self._check_children()
                if time.monotonic() > deadline:
                    raise StartError(f"{path} does not answer 200 but {answer}")
                time.sleep(0.05)

    def watch(self) -> None:
        """Wait for ever; raises ChildDiedError when a process ends by itself."""
        while True:
            self._check_children()
            time.sleep(0.2)

    def _sockets(self) -> dict[str, Path]:
        return {site: self.places.run / "sites" / f"{site}.sock" for site in SITES}

    def _start(
        self,
        site: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        label: str = "",
    ) -> subprocess.Popen[bytes]:
        with self.console.lines_of(label or site) as output:
            return processes.start(
                [sys.executable, *command],
                environment=for_site(site, environment),
                directory=ROOT,
                stop_signal=signal.SIGTERM,
                output=output,
            )

    def _stop(self, *names: str, stop_signal: signal.Signals) -> None:
        running = [self._children[name] for name in names if name in self._children]
        processes.stop(*running, stop_signal=stop_signal, seconds=_STOP_SECONDS)

    def _check_children(self) -> None:
        for name, process in self._children.items():
            if (code := process.poll()) is not None:
                how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
                raise ChildDiedError(f"{name} ended unexpectedly {how}; stopping everything.")

    def _remember_children(self) -> None:
        numbers = [child.pid for name, child in self._children.items() if name != "PostgreSQL"]
        self._record.write_text(json.dumps({pid: processes.command_line(pid) for pid in numbers}))

    def _end_leftovers(self) -> None:
        """End what a supervisor that was killed left behind; PostgreSQL sees to itself."""
        if not self._record.exists():
            return
        started: dict[str, str] = json.loads(self._record.read_text())
        for stop_signal, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, 2)):
            for pid in _still_running(started):
                with suppress(ProcessLookupError):
                    os.killpg(pid, stop_signal)
            deadline = time.monotonic() + seconds
            while _still_running(started) and time.monotonic() < deadline:
                time.sleep(0.05)
        self._record.unlink()


def _still_running(started: Mapping[str, str]) -> list[int]:
    """Return those of recorded processes that are still the same; a number may be taken anew."""
    running = {int(pid): line for pid, line in started.items()}
    return [pid for pid, line in running.items() if line and processes.command_line(pid) == line]


def _gunicorn(socket: Path) -> list[str]:
    memory = Path("/dev/shm")  # noqa: S108 - heartbeats of workers, not data
    return [
        *("--bind", f"unix:{socket}"),
        *("--worker-class", "gthread", "--threads", "4"),  # how many workers: WEB_CONCURRENCY
        "--preload",  # the site is loaded once and then forked: half the time of a start
        *("--keep-alive", "75"),  # longer than Nginx keeps its end, see proxy/nginx.conf.template
        *("--limit-request-line", "8190", "--limit-request-field_size", "16380"),  # as Nginx
        *("--graceful-timeout", str(_STOP_SECONDS - 2)),
        *("--log-level", "warning", "--no-control-socket"),
        *(("--worker-tmp-dir", str(memory)) if memory.is_dir() else ()),
    ]


def _refusal(url: str) -> str:
    """Return what keeps `url` from being ready; empty when it answers 200."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - http, our own
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code}: {error.read(300).decode(errors='replace').strip()}"
    except OSError as error:
        return str(error)
    return ""
