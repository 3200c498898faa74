"""Back from a long break: the token has expired, and the next click counts, once."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]
TOKEN, MARKER, SESSION = "__Host-ts_at", "__Host-ts_fresh", "__Host-id_session"


def take_a_break(page: Page) -> None:
    """Do what time does: the browser drops both cookies, and the session lives on."""
    for name in (TOKEN, MARKER):
        page.context.clear_cookies(name=name)
    assert SESSION in held(page)
    assert not {TOKEN, MARKER} & held(page)


def held(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("script", [True, False], ids=["HTMX post", "plain post"])
def test_a_button_is_pressed(
    stack: Stack, new_page: NewPage, sign_in: SignIn, script: bool
) -> None:
    page = new_page(script=script)
    sign_in(page, "operator")
    page.goto(f"{stack.origin}/?level=")
    row = page.locator("tbody tr").filter(has=page.locator("[data-st=ok]")).first
    address = row.locator("th a").get_attribute("href")
    before = int(row.locator(".qty strong").inner_text())
    take_a_break(page)
    row.get_by_role("button", name="+1").click()
    expect(page.locator(".toast").first).to_contain_text(f"now {before + 1} in stock")
    assert {TOKEN, MARKER} <= held(page)

    page.goto(f"{stack.origin}{address}")
    balances = page.locator(".ledger tbody tr").first.inner_text()
    assert f"{before + 1}" in balances
    assert page.locator(".ledger .l-change").first.inner_text().strip() == "+1"


def test_a_form_of_the_administration_is_sent(stack: Stack, page: Page, sign_in: SignIn) -> None:
    name = f"Docking stations {uuid4().hex[:8]}"
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/admin/products/category/add/")
    page.fill("[name=name]", name)
    take_a_break(page)
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_contain_text(name)
    assert {TOKEN, MARKER} <= held(page)
    page.goto(f"{stack.origin}/admin/products/category/?q={name[-8:]}")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
