"""Finds a Chromium for the browser tests, and gets one where there is none.

`python -m tests.chromium` says which one it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING = (
    "The browser tests need Chromium: install the package chromium or Google Chrome"
    " (here it could be neither installed with apt nor downloaded by playwright)."
)


def find() -> str | None:
    """Return the path of an installed browser, or of playwright's own; None when there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try the distribution's package, then playwright's download; failures show in `find`."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium with apt …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-q", "-y", "chromium"]):
            subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
    if find() is None:
        print("Downloading chromium with playwright …", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    found = find()
    print(f"Browser tests use {found}" if found else _MISSING)
    sys.exit(0 if found else 1)
