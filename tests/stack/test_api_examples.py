"""`docs/api.md` is true: its examples run as they stand, and print what it says."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from embedded.places import ROOT
from tests.contract.conftest import make_personal_token
from tests.stack.people import SignIn
from tests.stack_fixture import Stack

GUIDE = (ROOT / "docs" / "api.md").read_text()
JOBS = re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", GUIDE, re.MULTILINE)[1:]
END = "--- end of a job ---"


@dataclass(frozen=True)
class Language:
    """A language of the examples: how a script of it runs, and how it prints a line."""

    name: str
    command: tuple[str, ...]
    say: str
    tools: tuple[str, ...] = ()


SH = Language("sh", ("bash", "-euo", "pipefail", "-c"), f"echo '{END}'", ("curl", "jq"))
PYTHON = Language("python", (sys.executable, "-c"), f"print('{END}')")


def block(language: str, text: str) -> str:
    """The one block of code, or of what is printed, that a job has in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(found)


def as_pattern(printed: str) -> str:
    """What the page says is printed; `…` stands for anything on a line."""
    return re.escape(printed).replace("…", ".+")


def test_the_page_has_the_ten_commonest_jobs_and_more() -> None:
    assert len(JOBS) >= 10


@pytest.mark.parametrize("language", [SH, PYTHON], ids=lambda language: language.name)
def test_the_examples_run_as_they_stand_and_print_what_the_page_says(
    stack: Stack, enter: SignIn, language: Language
) -> None:
    if missing := [tool for tool in language.tools if shutil.which(tool) is None]:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    name = f"Examples in {language.name} {time.time()}"
    token = make_personal_token(stack, enter(stack, "manager"), name, scope="read move manage")
    script = "\n".join(f"{block(language.name, text)}{language.say}" for _title, text in JOBS)
    run = subprocess.run(
        [*language.command, script],
        env=os.environ | {"TECHSTOCK": stack.origin, "PERSONAL_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )
    printed = run.stdout.replace("\ufeff", "").split(f"{END}\n")
    for (title, text), said in zip(JOBS, printed, strict=False):
        assert re.fullmatch(as_pattern(block("text", text)), said), (title, said, run.stderr)
    assert (run.returncode, len(printed)) == (0, len(JOBS) + 1), run.stderr
