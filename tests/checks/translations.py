"""Checks that every string of the interface is translated, and nothing else is.

`python -m tests.checks.translations` extracts the strings anew with Django's makemessages, in a
copy, and looks at what became of each catalogue. Needs the gettext programs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from embedded.messages import ROOMS, ROOT


def install_gettext() -> bool:
    """Return whether the gettext programs are there, installing them as root with apt if not."""
    if shutil.which("xgettext") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing gettext with apt …", flush=True)
        for command in (["update", "-q"], ["install", "-q", "-y", "gettext"]):
            subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, check=False)
    return shutil.which("xgettext") is not None


def extract(room: Path) -> None:
    """Bring the catalogues of `room` in line with its code and templates."""
    (room / "locale").mkdir(exist_ok=True)  # without one, every string counts as untranslated
    subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "--verbosity=0", "--no-location"),
            "--locale=pt_BR",
        ],
        cwd=room,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
        check=True,
    )


def faults(catalogue: Path) -> Iterator[str]:
    """Yield one line for each string of a catalogue that is not as it should be."""
    for entry in polib.pofile(str(catalogue)):
        text = entry.msgid.replace("\n", " ")
        if entry.obsolete:
            yield f"obsolete (nothing says it any more): {text}"
        elif entry.fuzzy:
            yield f"fuzzy (missing, or only guessed): {text}"
        elif not entry.translated():
            yield f"untranslated: {text}"
    check = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", str(catalogue)],
        capture_output=True,
        text=True,
        check=False,
    )
    if check.returncode:
        yield check.stderr.strip()


def main() -> int:
    """Check every catalogue and return the exit code."""
    if not install_gettext():
        print("Checking translations needs the gettext programs: install the package gettext.")
        return 1
    found, strings = [], 0
    with tempfile.TemporaryDirectory() as name:
        for room in ROOMS:
            ignored = shutil.ignore_patterns("*.pyc", "*.mo", "__pycache__", "static")
            copy = shutil.copytree(ROOT / room, Path(name) / room, ignore=ignored)
            extract(copy)
        for catalogue in sorted(Path(name).glob("*/**/locale/**/*.po")):
            where = catalogue.relative_to(name)
            found += [f"{where}: {fault}" for fault in faults(catalogue)]
            strings += len(polib.pofile(str(catalogue)))
    print("\n".join(found) or f"{strings} strings are translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
