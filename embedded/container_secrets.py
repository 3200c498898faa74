"""Writes the secrets that compose.yaml mounts: `python -m embedded.container_secrets`.

What is there stays as it is, because the databases were made with it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from embedded import secret_values
from embedded.environment import SITES
from embedded.places import ROOT


def write(folder: Path) -> None:
    """Fill `folder`, which only its owner may enter; containers see single files of it.

    The files themselves are readable by all, because each container has a user id of its own.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    secret_values.kept(folder, "identity_encryption_keys", secret_values.encryption_key)
    secret_values.kept(folder, "inventory_statement_key", secret_values.statement_key)
    for site in SITES:
        secret_values.kept(folder, f"{site}_secret_key", secret_values.password)
        secret_values.kept(folder, f"{site}_superuser_password", secret_values.password)
        for role, name in (("app", "database_url"), ("owner", "owner_database_url")):
            secret_values.kept(folder, f"{site}_{name}", partial(_database_url, site, role))
    for path in folder.iterdir():
        path.chmod(0o444)


def _database_url(site: str, role: str) -> str:
    return f"postgresql://{site}_{role}:{secret_values.password()}@{site}_db/{site}"


if __name__ == "__main__":
    write(ROOT / "secrets")
