"""A PostgreSQL cluster and a complete environment for both sites that vanish afterwards."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded import secret_values
from embedded.environment import SITES
from embedded.postgresql import Cluster
from embedded.processes import passable


@contextmanager
def throwaway_environment() -> Iterator[dict[str, str]]:
    """Yield the variables both sites need, with a live cluster behind their database URLs.

    Each site gets both its URLs, so Django connects as the owner, who may create test databases.
    `SUPERUSER_DATABASE_URL` is for tests that tamper with what not even an owner may touch.
    """
    with tempfile.TemporaryDirectory(prefix="techstock-") as name:
        folder = Path(name)
        folder.chmod(passable())
        cluster = Cluster(folder / "data", folder / "run", durable=False)
        with (folder / "postgresql.log").open("wb") as log:
            cluster.start(output=log)
        try:
            yield _site_variables(folder) | _database_variables(cluster)
        finally:
            cluster.stop()


def _database_variables(cluster: Cluster) -> dict[str, str]:
    variables = {"SUPERUSER_DATABASE_URL": cluster.superuser_url}
    for site in SITES:
        owner, app = secret_values.password(), secret_values.password()
        cluster.ensure_site(site, owner_password=owner, app_password=app, createdb=True)
        prefix = site.upper()
        variables[f"{prefix}_OWNER_DATABASE_URL"] = cluster.url(f"{site}_owner", owner, site)
        variables[f"{prefix}_DATABASE_URL"] = cluster.url(f"{site}_app", app, site)
    return variables


def _site_variables(folder: Path) -> dict[str, str]:
    key = secret_values.signing_key()
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps(secret_values.public_keys(key)))
    for room in ("mail", "static/identity", "static/inventory"):
        (folder / room).mkdir(parents=True)
    return {
        "PUBLIC_ORIGIN": "http://localhost:8080",
        "IDENTITY_SECRET_KEY": secret_values.password(),
        "IDENTITY_ENCRYPTION_KEYS": secret_values.encryption_key(),
        "BACKCHANNEL_ADDRESS": "127.0.0.1:9",  # nobody answers there
        "TEST_SIGNING_KEY": key,  # for tokens that the inventory site's tests make themselves
        "IDENTITY_STATIC_ROOT": str(folder / "static/identity"),
        "MAIL_FOLDER": str(folder / "mail"),
        "DEFAULT_FROM_EMAIL": "techstock@techstock.example",
        "INVENTORY_SECRET_KEY": secret_values.password(),
        "INVENTORY_STATEMENT_KEY": secret_values.statement_key(),
        "INVENTORY_STATIC_ROOT": str(folder / "static/inventory"),
        "JWKS_URL": jwks.as_uri(),
    }
