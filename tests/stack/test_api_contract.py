"""Both APIs answer as their OpenAPI documents say, whatever is asked of the running system.

Schemathesis reads the documents through Nginx and asks at random: as each role, and with links from
one answer to the next request as a manager, who may write the most; about a minute in all. With
`CONTRACT_CASES` (of each test) it tries the limits of every value, too, and goes on with other
seeds until there were so many:

    CONTRACT_CASES=1000 python -m pytest tests/stack/test_api_contract.py -p no:xdist

makes more than 5,000 in all, in a quarter of an hour. `CONTRACT_SEED` says where the seeds begin.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.stack_fixture import Stack, free_port, new_data_dir

CASES = int(os.environ.get("CONTRACT_CASES", "0"))
SEED = int(os.environ.get("CONTRACT_SEED", "1"))
# With a time, all phases are repeated until it is over: long before an access token ends.
EFFORT = ("--max-time", "120") if CASES else ("--max-examples", "1")
BRIEFLY = () if CASES else ("--phases", "examples,fuzzing")
LINKED = () if CASES else ("--phases", "examples,fuzzing,stateful")
INVENTORY, IDENTITY = "/api/v1/schema/", "/accounts/api/v1/schema/"
ALL_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
ROLES = {"viewer": BRIEFLY, "operator": BRIEFLY, "manager": LINKED, "admin": BRIEFLY}


@pytest.fixture(scope="module")
def asked() -> Iterator[Stack]:
    """Yield a system of our own, which we may leave in any state, without an allowance a minute."""
    system = Stack(new_data_dir(), port=free_port(), API_REQUESTS_PER_MINUTE="1000000")
    system.start()
    try:
        yield system
    finally:
        system.stop()
        shutil.rmtree(system.data_dir.parent)


def signed_in(stack: Stack, who: str) -> dict[str, str]:
    """Return what a sign-in of a demo person gives a program."""
    answer = httpx.post(
        f"{stack.origin}/accounts/_allauth/app/v1/auth/login",
        json={"email": f"{who}@techstock.example", "password": stack.demo_password},
        timeout=20,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()["meta"]
    return found


def run(folder: Path, address: str, *options: str, seed: int) -> int:
    """Ask at random and return how many cases there were; fail on the first that is wrong."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", address, *EFFORT, *options),
            *("--seed", str(seed), "--continue-on-failure", "--generation-database", "none"),
            "--no-color",
        ],
        cwd=folder,  # no configuration file of anybody's
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"seed {seed}, {options}:\n{said[-20_000:]}"
    assert re.search(r"Selected: (\d+)/\d+\n +Tested: \1$", said, re.MULTILINE), said
    found = re.search(r"^ +(\d+) generated", said, re.MULTILINE)
    assert found, said
    return int(found.group(1))


def run_often(folder: Path, address: str, options: Callable[[], list[str]]) -> str:
    """Run once, or until there were `CASES`; say how many cases and runs there were."""
    cases = 0
    for runs in count(1):
        cases += run(folder, address, *options(), seed=SEED + runs - 1)
        if cases >= CASES:
            return f"{cases} cases in {runs} runs"
    raise AssertionError


@pytest.mark.parametrize("role", ROLES)
def test_the_stock_api_keeps_its_promises_to_every_role(
    asked: Stack, tmp_path: Path, figure: Callable[[str], None], role: str
) -> None:
    def options() -> list[str]:
        token = signed_in(asked, role)["access_token"]
        return ["-H", f"Authorization: Bearer {token}", "-c", ALL_CHECKS, *ROLES[role]]

    address = f"{asked.origin}{INVENTORY}"
    done = run_often(tmp_path, address, options)
    figure(f"inventory API as {role}: {done}, no violation")


def test_our_own_part_of_the_identity_api_keeps_its_promises(
    asked: Stack, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    def options() -> list[str]:
        token = signed_in(asked, "viewer")["access_token"]
        ours = ["--include-path-regex", "^/accounts/api/"]
        return ["-H", f"Authorization: Bearer {token}", "-c", ALL_CHECKS, *ours]

    done = run_often(tmp_path, f"{asked.origin}{IDENTITY}", options)
    figure(f"identity API, our part: {done}, no violation")


def test_allauths_part_of_the_identity_api_never_breaks(
    asked: Stack, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    def options() -> list[str]:
        session = signed_in(asked, "viewer")["session_token"]
        theirs = ["--include-path-regex", "/_allauth/"]
        return ["-H", f"X-Session-Token: {session}", "-c", "not_a_server_error", *BRIEFLY, *theirs]

    done = run_often(tmp_path, f"{asked.origin}{IDENTITY}", options)
    figure(f"identity API, allauth's part: {done}, nothing broke")
