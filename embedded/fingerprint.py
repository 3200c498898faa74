"""Tells whether a site has changed since it was last prepared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from environs import FileAwareEnv

from embedded.environment import machine_time_zone
from embedded.places import ROOT

_SHARED = ("templates_shared", "requirements.lock", "embedded/demo", "embedded/preparation.py")
# What migrating writes into the database, beside tables.
_SETTINGS = {"inventory": ("APPROVAL_UNITS", "APPROVAL_VALUE")}


def fingerprint(site: str) -> str:
    """Return a digest of every file and setting that can change what preparing `site` would do."""
    digest = hashlib.sha256()
    for path in _files(ROOT / f"{site}_site", *(ROOT / name for name in _SHARED)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    env = FileAwareEnv(strip_whitespace=True)
    for name in _SETTINGS.get(site, ()):
        digest.update(f"{name}={env.str(name, None)}\0".encode())
    digest.update(machine_time_zone().encode())  # where a day begins
    return digest.hexdigest()


def _files(*roots: Path) -> Iterator[Path]:
    for root in roots:
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in paths:
            if path.is_file() and path.suffix not in {".pyc", ".mo"}:
                yield path
