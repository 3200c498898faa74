"""The command line: `python -m embedded --help`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import embedded
from embedded.environment import SITES, database_passwords, embedded_database_urls, environments
from embedded.places import Places, chosen_data_dir
from embedded.postgresql import Cluster, bin_dir
from embedded.processes import StartError
from embedded.run import run
from embedded.throwaway import throwaway_environment


def main() -> int:
    """Do what the command line says and return the exit code."""
    options = _parser().parse_args()
    try:
        if options.command == "run":
            return run(port=options.port, data_dir=options.data)
        if options.command == "psql":
            return _psql(Places(options.data), options.database, owner=options.owner)
        if options.command == "exec":
            return _run(options.argv, running_environment(Places(options.data), options.port))
        with throwaway_environment() as variables:
            return _run(options.argv, {**os.environ, **variables})
    except StartError as error:
        sys.exit(str(error))


def running_environment(places: Places, port: int) -> dict[str, str]:
    """Return the environment that the sites of a running system serve with."""
    cluster = _running_cluster(places)
    return environments(places, port, embedded_database_urls(cluster, places)).serving


def _run(command: Sequence[object], environment: Mapping[str, str]) -> int:
    words = [str(word) for word in command]
    return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603


def _psql(places: Places, site: str, *, owner: bool) -> int:
    cluster = _running_cluster(places)
    role = f"{site}_owner" if owner else f"{site}_app"
    password = database_passwords(places, site)[0 if owner else 1]
    # The password goes by the environment: command lines can be read by everybody.
    environment = {**os.environ, "PGPASSWORD": password}
    command = [bin_dir() / "psql", "-h", cluster.run_dir, "-U", role, site]
    return _run(command, environment)


def _running_cluster(places: Places) -> Cluster:
    cluster = Cluster(places.postgresql, places.run / "postgresql")
    if not (cluster.run_dir / ".s.PGSQL.5432").exists():
        raise StartError(f"Nothing runs on {places.data_dir}; `make run` starts it.")
    return cluster


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--data",
        type=Path,
        default=chosen_data_dir(),
        help="where everything is kept (default: %(default)s, or TECHSTOCK_DATA)",
    )
    port = os.environ.get("PORT") or "8080"
    where.add_argument("--port", type=int, default=port, help="default: %(default)s, or PORT")
    parser = argparse.ArgumentParser(prog="python -m embedded", description=embedded.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", parents=[where], help="start everything and stay until Ctrl-C")
    psql = commands.add_parser("psql", parents=[where], help="open psql on a running system")
    psql.add_argument("database", choices=SITES)
    psql.add_argument("--owner", action="store_true", help="as the role that owns the tables")
    running = commands.add_parser(
        "exec", parents=[where], help="run a command with the environment of the running system"
    )
    throwaway = commands.add_parser(
        "throwaway", help="run a command with an empty PostgreSQL and an environment made for it"
    )
    for command in (running, throwaway):
        command.add_argument("argv", nargs="+", metavar="COMMAND", help="after --")
    return parser


if __name__ == "__main__":
    sys.exit(main())
