"""Compiles the message catalogues (.po → .mo) of both sites and the shared templates.

`python -m embedded.messages` does it without the gettext programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("identity_site", "inventory_site", "templates_shared")


def catalogues() -> Iterator[Path]:
    """Yield every .po file of the project."""
    for room in ROOMS:
        yield from sorted((ROOT / room).glob("**/locale/**/*.po"))


def compile_messages() -> int:
    """Compile the catalogues that changed since they were last compiled; return how many."""
    count = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            unfinished = target.with_suffix(".mo.unfinished")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)  # a running site never reads half a file
            count += 1
    return count


if __name__ == "__main__":
    print(f"{compile_messages()} message catalogues compiled")
