"""A person's first day: register, sign in, find a product, +1, see it in the history, undo."""

import re
import sys
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, mailed_code
from tests.stack_fixture import Stack


def register(page: Page, stack: Stack, address: str) -> None:
    """Sign up with the code that came by mail."""
    page.goto(f"{stack.origin}/")
    expect(page).to_have_url(f"{stack.origin}/accounts/login/?next=/")
    page.get_by_role("link", name="Create an account").click()
    page.fill("[name=name]", "Nadia Nunes")
    page.fill("[name=email]", address)
    page.fill("[name=password1]", "a long enough sentence")
    page.click("main form button.primary")
    page.fill("[name=code]", mailed_code(stack.mail_folder, address))
    page.click("main form button.primary")
    expect(page).to_have_url(f"{stack.origin}/")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_registration_to_a_proven_undo(stack: Stack, new_page: NewPage, script: bool) -> None:
    page = new_page(script=script)
    register(page, stack, f"nadia-{uuid4().hex[:8]}@techstock.example")

    page.fill("#q", "C9300")
    if script:
        expect(page.locator("#count")).to_contain_text("products")
    else:
        page.click("#filters button")
    row = page.locator("tbody tr").filter(has_text="C9300").first
    name = row.locator("th a").inner_text()
    before = int(row.locator(".qty strong").inner_text().replace(",", ""))
    row.get_by_role("button", name="+1").click()
    expect(page.locator(".toast p")).to_contain_text(f"{name}: +1, now {before + 1:,} in stock")
    row = page.locator("tbody tr").filter(has_text="C9300").first
    expect(row.locator(".qty strong")).to_have_text(f"{before + 1:,}")

    row.locator("th a").click()
    line = page.locator(".ledger tbody tr").first
    expect(line).to_contain_text("Nadia Nunes")
    expect(line).to_contain_text(f"{before:,} → {before + 1:,}")
    shown = line.locator(".l-time").inner_text()
    assert re.search(r"\d{1,2}:\d\d", shown)

    line.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast p")).to_contain_text(f"now {before:,} in stock")
    expect(page.locator(".ledger tbody tr").first).to_contain_text(f"{before + 1:,} → {before:,}")
    said = stack.run("exec", "--", sys.executable, "-m", "inventory_site.manage", "verify_ledger")
    assert "0 differences" in said


def test_signing_out_ends_at_the_door_and_coming_back_ends_where_one_was(
    stack: Stack, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(f"{stack.origin}/?q=C9300")
    page.fill("[name=login]", "operator@techstock.example")
    page.fill("[name=password]", stack.demo_password)
    page.click("main form button.primary")
    expect(page).to_have_url(f"{stack.origin}/?q=C9300")
    page.click("button.user")
    page.get_by_role("link", name="Sign out").click()
    page.click("main form button.primary")
    page.goto(f"{stack.origin}/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/$"))


def test_a_click_after_the_token_has_gone_leads_through_sign_in_back_to_the_page(
    stack: Stack, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(f"{stack.origin}/?q=C9300")
    page.fill("[name=login]", "operator@techstock.example")
    page.fill("[name=password]", stack.demo_password)
    page.click("main form button.primary")
    before = page.locator("tbody tr .qty strong").first.inner_text()
    page.context.clear_cookies(name="__Host-ts_at")
    page.context.clear_cookies(name="__Host-id_session")
    page.locator("tbody tr").first.get_by_role("button", name="+1").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/%3Fq%3DC9300$"))
    page.fill("[name=login]", "operator@techstock.example")
    page.fill("[name=password]", stack.demo_password)
    page.click("main form button.primary")
    expect(page).to_have_url(f"{stack.origin}/?q=C9300")
    expect(page.locator("tbody tr .qty strong").first).to_have_text(before)
