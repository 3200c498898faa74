"""The variables that the two sites run with; what the person has set always wins."""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from environs import FileAwareEnv

from embedded import secret_values
from embedded.places import Places
from embedded.postgresql import Cluster
from embedded.processes import StartError

SITES = ("identity", "inventory")
_URLS = tuple(f"{s.upper()}_{w}DATABASE_URL" for s in SITES for w in ("", "OWNER_"))


@dataclass(frozen=True)
class Environments:
    """What processes are given: those that serve, and those that migrate as the owner."""

    serving: dict[str, str]
    owner_urls: dict[str, str]
    demo_password: str

    def migrating(self) -> dict[str, str]:
        """Return the environment of a process that migrates both sites."""
        return self.serving | self.owner_urls


def for_site(site: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment is one site's business: neither sees the other's secrets."""
    others = tuple(f"{other.upper()}_" for other in SITES if other != site)
    return {name: value for name, value in environment.items() if not name.startswith(others)}


def given_database_urls() -> dict[str, str]:
    """Return the four database URLs that the person has set; empty when none is.

    Raises StartError when only some are: half an installation elsewhere is a mistake.
    """
    env = FileAwareEnv(strip_whitespace=True)
    urls = {name: value for name in _URLS if (value := env.str(name, ""))}
    if urls and len(urls) < len(_URLS):
        missing = ", ".join(name for name in _URLS if name not in urls)
        raise StartError(f"Some database URLs are set but not all of them: {missing} missing.")
    return urls


def embedded_database_urls(cluster: Cluster, places: Places) -> dict[str, str]:
    """Return the four database URLs of our own cluster."""
    urls = {}
    for site in SITES:
        owner, app = database_passwords(places, site)
        urls[f"{site.upper()}_OWNER_DATABASE_URL"] = cluster.url(f"{site}_owner", owner, site)
        urls[f"{site.upper()}_DATABASE_URL"] = cluster.url(f"{site}_app", app, site)
    return urls


def database_passwords(places: Places, site: str) -> tuple[str, str]:
    """Return the passwords of a site's owner role and app role in our own cluster."""
    owner = secret_values.kept(places.secrets, f"{site}-owner-database", secret_values.password)
    return owner, secret_values.kept(places.secrets, f"{site}-app-database", secret_values.password)


def environments(places: Places, port: int, urls: dict[str, str]) -> Environments:
    """Return the complete environments of both sites behind `http://localhost:<port>`."""
    ours = {
        "PUBLIC_ORIGIN": f"http://localhost:{port}",
        # Asked through Nginx, as anybody else would.
        "JWKS_URL": f"http://127.0.0.1:{port}/accounts/.well-known/jwks.json",
        # Told over its socket what is revoked: Nginx lets nobody in there.
        "BACKCHANNEL_ADDRESS": f"unix:{places.run / 'sites' / 'inventory.sock'}",
        "TIME_ZONE": machine_time_zone(),
        "SIGNUP_ROLE": "operator",
        "IDENTITY_STATIC_ROOT": str(places.static / "identity"),
        "INVENTORY_STATIC_ROOT": str(places.static / "inventory"),
        "WEB_CONCURRENCY": "2",  # gunicorn's own name for its workers, here of each site
        "PYTHONUNBUFFERED": "1",
    }
    keep = places.secrets
    for name, make in (
        ("IDENTITY_SECRET_KEY", secret_values.password),
        ("IDENTITY_ENCRYPTION_KEYS", secret_values.encryption_key),
        ("INVENTORY_SECRET_KEY", secret_values.password),
        ("INVENTORY_STATEMENT_KEY", secret_values.statement_key),
    ):
        file = secret_values.kept_file(keep, name.lower().replace("_", "-"), make)
        ours[f"{name}_FILE"] = str(file)
    if not _is_set("EMAIL_URL"):
        ours["MAIL_FOLDER"] = str(places.mail)
    demo_password = secret_values.kept(keep, "demo-password", secret_values.spoken_password)
    theirs = {n: v for n, v in os.environ.items() if n.removesuffix("_FILE") not in _URLS}
    wanted = {name: value for name, value in ours.items() if not _is_set(name)}
    return Environments(
        serving={**theirs, **wanted, **{n: u for n, u in urls.items() if "OWNER" not in n}},
        owner_urls={n: u for n, u in urls.items() if "OWNER" in n},
        demo_password=demo_password,
    )


def machine_time_zone() -> str:
    """Return the IANA name of this machine's time zone where it can be told, else UTC."""
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    link = Path("/etc/localtime")
    if link.is_symlink():
        candidates.append(str(link.resolve()).partition("zoneinfo/")[2])
    name_file = Path("/etc/timezone")
    if name_file.is_file():
        candidates.append(name_file.read_text().strip())
    return next(filter(_is_time_zone, candidates), "UTC")


def _is_time_zone(name: str) -> bool:
    try:
        return bool(name and zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False


def _is_set(name: str) -> bool:
    plain = name.removesuffix("_FILE")
    return plain in os.environ or f"{plain}_FILE" in os.environ
