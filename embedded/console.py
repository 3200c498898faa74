"""What the person at the terminal sees: steps, sentences, each process's lines with its name."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from embedded.processes import daemon_uid

_COLOURS = {
    "postgresql": "36",
    "identity": "35",
    "worker": "95",
    "inventory": "34",
    "chores": "94",
    "nginx": "32",
}
_WIDTH = max(map(len, _COLOURS))
_PATIENCE = 1.0  # seconds after which a step says that it is under way


class Console:
    """Writes whole lines to stdout from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._colourful = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str = "") -> None:
        """Write one or more lines. A reader that has gone away is no reason to stop."""
        with self._lock:
            try:
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()
            except OSError:
                _discard_output()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Show a line for a step that takes more than a second, and how long it took."""
        began = time.monotonic()
        timer = threading.Timer(_PATIENCE, self.say, [f"  {what} …"])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if (seconds := time.monotonic() - began) > _PATIENCE:
            self.say(f"  {what}: {seconds:.1f} s")

    @contextmanager
    def lines_of(self, name: str) -> Iterator[int]:
        """Yield a file descriptor for a child to write to; its lines appear with its name.

        The child must have been started when the block ends.
        """
        reader, writer = os.pipe()
        uid = daemon_uid()
        if uid is not None:
            os.fchown(writer, uid, uid)  # so that Nginx may open /dev/stdout
        thread = threading.Thread(target=self._copy, args=(name, reader), daemon=True)
        thread.start()
        try:
            yield writer
        finally:
            os.close(writer)

    def _copy(self, name: str, reader: int) -> None:
        label = name.ljust(_WIDTH)
        if self._colourful:
            label = f"\033[{_COLOURS.get(name, '33')}m{label}\033[0m"
        with os.fdopen(reader, errors="replace") as lines:
            for line in lines:
                self.say(f"{label} | {line.rstrip()}")


def _discard_output() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
