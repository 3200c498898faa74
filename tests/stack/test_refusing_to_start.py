"""Whatever keeps the system from starting is said in one sentence, and nothing is left running."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.places import ROOT
from tests.stack_fixture import Stack, clean_environment, free_port, new_data_dir

SYSTEM_PYTHON = "/usr/bin/python3"


def refusal(data_dir: Path, port: int, program: str = sys.executable, **variables: str) -> str:
    """Start a system that must not start and return what it says."""
    answer = subprocess.run(
        [program, "-m", "embedded", "run"],
        env=clean_environment(data_dir, port) | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    return (answer.stdout + answer.stderr).strip()


def test_a_taken_port_is_one_sentence() -> None:
    data_dir, port = new_data_dir(), free_port()
    with socket.create_server(("127.0.0.1", port)):
        said = refusal(data_dir, port)
    shutil.rmtree(data_dir.parent)
    assert said == f"Port {port} is taken; choose another: make run PORT=8081"


def test_a_second_instance_on_the_same_data_is_one_sentence(stack: Stack) -> None:
    said = refusal(stack.data_dir, free_port())
    assert said.startswith(f"TechStock is already running on {stack.data_dir} (process ")
    assert "\n" not in said


def test_an_unusable_data_directory_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refusal(tmp_path / "file" / "data", free_port())
    assert said.startswith(f"The data directory {tmp_path / 'file' / 'data'} cannot be used")
    assert "\n" not in said


def test_an_incomplete_set_of_database_urls_is_one_sentence() -> None:
    data_dir = new_data_dir()
    said = refusal(data_dir, free_port(), IDENTITY_DATABASE_URL="postgresql://a:b@c/d")
    shutil.rmtree(data_dir.parent)
    assert said.startswith("Some database URLs are set but not all of them: IDENTITY_OWNER_")
    assert "\n" not in said


def test_a_damaged_cluster_is_said_with_the_last_lines_of_postgresql(used: Stack) -> None:
    version = used.data_dir / "postgresql" / "cluster" / "PG_VERSION"
    whole = version.read_text()
    version.write_text("9.6\n")
    try:
        said = refusal(used.data_dir, used.port)
    finally:
        version.write_text(whole)
    assert said.endswith("PostgreSQL stopped while it was starting; its last lines above say why.")
    assert "not compatible with this version" in said
    assert not used.pids()


@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="there is no other Python here")
def test_a_python_that_is_too_old_is_one_sentence() -> None:
    command = [SYSTEM_PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if tuple(map(int, found)) >= (3, 12):
        pytest.skip("the other Python is new enough")
    said = refusal(Path(os.devnull), free_port(), program=SYSTEM_PYTHON)
    assert said == f"TechStock needs Python 3.12 or newer; this is {'.'.join(found)}."
