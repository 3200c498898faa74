"""A manager adds a webhook and tests it; the worker of the running system sends."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_every_page import inspect
from tests.stack_fixture import Stack


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_a_webhook_from_its_first_day_to_its_last(
    stack: Stack,
    new_page: NewPage,
    sign_in: Callable[[Page, str], None],
    theme: str,
    width: int,
) -> None:
    page = new_page(width=width, theme=theme)
    problems: list[str] = []

    def look(name: str) -> None:
        inspect(page, f"{theme}-{width}-webhook-{name}", problems)

    sign_in(page, "manager")
    page.goto(f"{stack.origin}/webhooks/new/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose at least one.")).to_be_visible()
    look("refused")
    page.get_by_label("Address").fill(f"https://no-such-name-{'x' * 40}.invalid/{'path/' * 20}")
    page.get_by_label("Low stock").check()
    page.get_by_role("button", name="Save").click()
    secret = page.get_by_label("Secret").input_value()
    assert secret.startswith("whsec_")
    look("secret")
    page.get_by_role("link", name="Done").click()
    look("without-log")
    page.get_by_role("button", name="Send a test").click()
    failed = page.get_by_text("its name is unknown")
    for _attempt in range(100):  # the worker looks for what is due every other second
        if failed.is_visible():
            break
        page.wait_for_timeout(100)
        page.reload()
    expect(failed).to_be_visible()
    assert secret not in page.content()
    look("log")
    page.goto(f"{stack.origin}/webhooks/")
    look("list")
    page.get_by_role("link", name="no-such-name").first.click()
    for question in ("New secret", "Edit", "Delete"):
        page.locator("main").get_by_role("link", name=f"{question}…").click()
        look(question.lower().replace(" ", "-"))
        page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The webhook was deleted.")).to_be_visible()
    assert problems == []
