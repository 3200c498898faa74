"""Where an installation keeps what: data, secrets, mail, sockets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path

from embedded.processes import StartError, passable

ROOT = Path(__file__).resolve().parent.parent
_LONGEST_RUN_DIR = 70  # bytes; a socket's path may have 107, and ours add names of up to 30


class Places:
    """The rooms of one installation, all below `data_dir`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self.secrets = self.data_dir / "secrets"
        self.postgresql = self.data_dir / "postgresql"
        self.static = self.data_dir / "static"
        self.mail = self.data_dir / "mail"
        self.run = _run_dir(self.data_dir)
        self._lock = self.data_dir / "lock"

    def create(self) -> None:
        """Make the rooms; only what daemons of another user must reach can be entered by others."""
        try:
            for room, mode in (
                (self.data_dir, passable()),
                (self.run, passable()),
                (self.secrets, 0o700),
                (self.static, 0o700),
                (self.mail, 0o700),
            ):
                room.mkdir(parents=True, exist_ok=True)
                room.chmod(mode)
        except OSError as error:
            raise StartError(
                f"The data directory {self.data_dir} cannot be used ({error.strerror}); "
                "set TECHSTOCK_DATA to one that can be written."
            ) from error

    def lock(self) -> int:
        """Claim these places for this process; they are free again when the process is gone."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode().strip()
            raise StartError(
                f"TechStock is already running on {self.data_dir} (process {holder}); "
                "stop it first, or set TECHSTOCK_DATA to another directory."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor


def chosen_data_dir() -> Path:
    """Return `$TECHSTOCK_DATA`, or else the usual place."""
    chosen = os.environ.get("TECHSTOCK_DATA")
    return Path(chosen) if chosen else usual_data_dir()


def usual_data_dir() -> Path:
    """Return where programs of this user keep their data."""
    if os.geteuid() == 0:
        return Path("/var/lib/techstock")
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "techstock"


def _run_dir(data_dir: Path) -> Path:
    inside = data_dir / "run"
    if len(os.fsencode(inside)) <= _LONGEST_RUN_DIR:
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"techstock-{os.geteuid()}-{digest}"
