"""`python -m embedded run`: from a fresh machine to a printed address, and down again cleanly."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from embedded.console import Console
from embedded.environment import (
    SITES,
    Environments,
    database_passwords,
    embedded_database_urls,
    environments,
    for_site,
    given_database_urls,
)
from embedded.fingerprint import fingerprint
from embedded.messages import compile_messages
from embedded.places import ROOT, Places, usual_data_dir
from embedded.processes import StartError
from embedded.supervisor import ChildDiedError, Supervisor

_DEMO_PEOPLE = ("viewer", "operator", "manager", "admin")


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C, closed the terminal or sent SIGTERM: a wish, not an error."""


def run(*, port: int, data_dir: Path) -> int:
    """Bring everything up, serve until asked to stop, and return the exit code."""
    console = Console()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _request_stop)
    try:
        places = Places(data_dir)
        places.create()
        places.lock()
        given = given_database_urls()
        with Supervisor(places, console) as supervisor:
            try:
                _refuse_taken(port)
                _bring_up(supervisor, port, given)
                supervisor.watch()
            finally:
                _ignore_signals()
    except StopRequested:
        console.say("Stopped; the data stay in place.")
        return 0
    except (StartError, ChildDiedError) as error:
        console.say(f"\n{error}")
        return 1
    return 0


def _bring_up(supervisor: Supervisor, port: int, given: dict[str, str]) -> None:
    console, places = supervisor.console, supervisor.places
    with console.step("Compiling messages"):
        compile_messages()
    urls = given
    if not given:
        with console.step("Starting PostgreSQL"):
            cluster = supervisor.start_postgresql()
            for site in SITES:
                owner, app = database_passwords(places, site)
                cluster.ensure_site(site, owner_password=owner, app_password=app)
        urls = embedded_database_urls(cluster, places)
    settings = environments(places, port, urls)
    _prepare(supervisor, settings, demo=not given)
    if given:
        _first_admin(settings)
    origin = settings.serving["PUBLIC_ORIGIN"]
    with console.step("Starting both sites and Nginx"):
        addresses = supervisor.start_sites(settings.serving)
        supervisor.start_nginx(public_origin=origin, port=port, addresses=addresses)
        supervisor.wait_until_ready(port)
    console.say(_welcome(places, settings, origin, demo=not given))


def _prepare(supervisor: Supervisor, settings: Environments, *, demo: bool) -> None:
    """Migrate and collect what changed since the last start; a given database: always."""
    places = supervisor.places
    # Beside the cluster's files, so that who removes those also removes this memory.
    memory = places.postgresql if demo else places.static
    stale = {}
    for site in SITES:
        mark, now = memory / f"prepared-{site}", fingerprint(site)
        static = places.static / site
        if not demo or not static.exists() or not mark.exists() or mark.read_text() != now:
            stale[site] = (mark, now)
    environment = settings.migrating() | {"DEMO_PASSWORD": settings.demo_password}
    commands = {site: [*_preparing(site, demo=demo)] for site in stale}
    with supervisor.console.step("Preparing both sites: tables, static files"):
        supervisor.run_together(commands, environment)
    if demo and "inventory" in stale:
        catalogue = {"inventory": ["-m", "embedded.demo.catalogue"]}
        with supervisor.console.step("Loading the demo catalogue"):
            supervisor.run_together(catalogue, settings.serving)
    for mark, now in stale.values():
        mark.write_text(now)


def _preparing(site: str, *, demo: bool) -> list[str]:
    command = ["-m", "embedded.preparation", site, "migrate", "collectstatic"]
    return [*command, "load_demo_people"] if demo and site == "identity" else command


def _first_admin(settings: Environments) -> None:
    """Ask for the first administrator, on this terminal or in FIRST_ADMIN_…, if there is none."""
    command = [sys.executable, "-m", "identity_site.manage", "create_admin"]
    environment = for_site("identity", settings.serving)
    answer = subprocess.run(command, env=environment, cwd=ROOT, check=False)  # noqa: S603
    if answer.returncode != 0:
        raise StartError("There is no administrator yet; the line above says what to set.")


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StartError(f"Port {port} needs more rights; choose one above 1023.") from error
        except OSError as error:
            raise StartError(f"Port {port} is taken; choose another: make run PORT=8081") from error
    if socket.has_ipv6:  # browsers try localhost's IPv6 address first
        with socket.socket(socket.AF_INET6) as probe:
            if probe.connect_ex(("::1", port)) == 0:
                raise StartError(f"Port {port} is taken; choose another: make run PORT=8081")


def _welcome(places: Places, settings: Environments, origin: str, *, demo: bool) -> str:
    usual = places.data_dir == usual_data_dir().expanduser()
    chosen = "" if usual else f"TECHSTOCK_DATA={shlex.quote(str(places.data_dir))} "
    ours = f"{chosen}{os.path.relpath(sys.executable)} -m embedded"
    lines = ["", f"  TechStock is ready:  {origin}", ""]
    if demo:
        lines += ["  Demo people, all with the password " + settings.demo_password]
        lines += [f"    {name}@techstock.example" for name in _DEMO_PEOPLE]
    lines += ["", f"  Data    {places.data_dir}"]
    if folder := settings.serving.get("MAIL_FOLDER"):
        lines += [f"  Mail    {folder}"]
    if demo:
        lines += [f"  SQL     {ours} psql identity", f"          {ours} psql inventory"]
    return "\n".join([*lines, "", "  Ctrl-C stops everything; the data stay.", ""])


def _request_stop(number: int, frame: FrameType | None) -> NoReturn:
    _ignore_signals()  # one wish is enough; stopping takes a bounded time
    raise StopRequested


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
