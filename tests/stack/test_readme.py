"""The README is true: each of its commands runs, each setting stands in its table."""

import os
import re
import signal
import subprocess
import time

from embedded.places import ROOT
from tests.stack_fixture import clean_environment, free_port, new_data_dir

README = (ROOT / "README.md").read_text()
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
CI = (ROOT / ".ci" / "run").read_text().splitlines()


def test_every_setting_stands_in_the_table_and_in_the_example() -> None:
    read = set()
    for file in ("identity_site/settings.py", "inventory_site/settings.py"):
        source = (ROOT / file).read_text()
        read |= set(re.findall(r"(?:env\.\w+|_database)\(\s*\"([A-Z_]+)\"", source))
    assert {"PUBLIC_ORIGIN", "IDENTITY_DATABASE_URL", "JWKS_URL"} <= read
    example = (ROOT / ".env.example").read_text()
    assert {name for name in read if f"`{name}`" not in README} == set()
    assert {name for name in read if f"\n{name}=" not in example} == set()


def test_every_test_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"tests/[\w/]+\.py", page))
    assert len(named) > 10
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_every_command_runs_as_it_stands() -> None:
    run_by_ci = [command for command in COMMANDS if command in CI]
    assert run_by_ci == ["make test", "make check"]
    folder, port = new_data_dir(), free_port()
    environment = clean_environment(folder, port)
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        system = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches make and all below it, as on a terminal
        )
    try:
        while "TechStock is ready" not in log.read_text():
            assert system.poll() is None, log.read_text()
            time.sleep(0.1)
        others = [command for command in COMMANDS if command not in [*CI, "make run"]]
        assert len(others) == 3
        for command in others:
            subprocess.run(command.split(), cwd=ROOT, env=environment, check=True, timeout=120)
    finally:
        os.killpg(system.pid, signal.SIGINT)
        system.wait(timeout=60)
    assert "Stopped; the data stay in place." in log.read_text()
