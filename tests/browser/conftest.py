"""A real Chromium, and people in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import find
from tests.stack_fixture import Stack

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
# A refusal is an answer like any other, but Chromium logs every status from 400 up as an error.
EXPECTED = re.compile(r"status of (401|404|409|422)")

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages whose console must stay silent: no error, no CSP violation, no script error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(kind: str, text: str) -> None:
        if kind == "error" and not EXPECTED.search(text):
            complaints.append(text)

    def make(
        *, width: int = 1280, script: bool = True, failing: bool = False, **cookies: str
    ) -> Page:
        size: Any = {"width": width, "height": 860 if width > 600 else 844}
        context = browser.new_context(viewport=size, java_script_enabled=script)
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies(
            [
                {"name": name, "value": value, "domain": "localhost", "path": "/"}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        if not failing:  # where a test breaks the line, complaints are in order
            page.on("console", lambda message: note(message.type, message.text))
            page.on("pageerror", lambda error: note("error", str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page with scripts, on a desk."""
    return new_page()


@pytest.fixture
def sign_in(stack: Stack) -> Callable[[Page, str], None]:
    """Sign a demo person in, on the sign-in page."""

    def do(page: Page, who: str) -> None:
        page.goto(f"{stack.origin}/accounts/login/")
        page.fill("[name=login]", f"{who}@techstock.example")
        page.fill("[name=password]", stack.demo_password)
        page.click("main form button.primary")
        page.wait_for_url(f"{stack.origin}/")

    return do


def mailed_code(folder: Path, address: str) -> str:
    """The verification code in the newest mail to an address."""
    mails = sorted(folder.iterdir(), key=lambda mail: mail.name)
    text = next(t for mail in reversed(mails) if address in (t := mail.read_text()))
    found = re.search(r"^\s*([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})\s*$", text, re.MULTILINE)
    assert found, text
    return found.group(1)
