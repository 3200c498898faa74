"""What takes two people: units held by one for somebody, acts that another approves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_batches import in_stock, quantity
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]


def product_with_stock(page: Page, stack: Stack) -> tuple[str, int]:
    """The address of a product that is well in stock, and how many there are at its place."""
    row = in_stock(page, stack).first
    address = row.locator("th a").get_attribute("href")
    return f"{stack.origin}{address}", quantity(row)


def adjust(page: Page, kind: str, units: int, reason: str = "") -> None:
    """Record a movement in the dialog of the product's first place."""
    page.locator(".acts a").first.click()
    page.get_by_role("radio", name=kind).check(force=True)
    page.fill("dialog [name=quantity]", str(units))
    if reason:
        page.select_option("dialog [name=reason]", label=reason)
    page.click("dialog button.primary")


@pytest.mark.parametrize("script", [True, False])
def test_one_reserves_another_cannot_take_it_then_hands_part_of_it_out(
    stack: Stack, new_page: NewPage, sign_in: SignIn, script: bool
) -> None:
    otto, marina = new_page(script=script), new_page()
    sign_in(otto, "operator")
    sign_in(marina, "manager")
    address, before = product_with_stock(otto, stack)
    otto.goto(address)
    who = f"Ana, room {7 + script}"
    otto.locator(".head-acts a", has_text="Reserve").first.click()
    otto.fill("form [name=recipient]", who)
    otto.fill("form [name=quantity]", str(before + 1))
    otto.locator(".form button.primary").click()
    expect(otto.locator(".form .error")).to_have_text(re.compile("Not enough stock: only"))
    otto.fill("form [name=quantity]", str(before))
    if script:
        otto.locator(".form button.primary").dblclick()
    else:
        otto.locator(".form button.primary").click()
    expect(otto.locator(".toast p").first).to_have_text(f"Held for {who}: {before}.")

    marina.goto(address)
    expect(marina.locator("main")).to_contain_text(who)
    adjust(marina, "Issue", 1)
    expect(marina.locator("dialog .error")).to_contain_text("only 0 available")
    marina.keyboard.press("Escape")
    assert marina.locator(".ledger tbody tr").filter(has_text=who).count() == 1
    marina.get_by_role("link", name=re.compile("^Issue…")).first.click()
    expect(marina.locator("dialog [name=quantity]")).to_have_value(str(before))
    marina.fill("dialog [name=quantity]", "1")
    marina.keyboard.press("Enter")
    expect(marina.locator(".toast p").first).to_have_text(f"Issued to {who}: 1.")
    expect(marina.locator("main")).to_contain_text(f"{before - 1} of {before}")
    marina.locator(".toast").get_by_role("button", name="Undo").click()
    expect(marina.locator(".toast p").first).to_contain_text("Undone.")

    otto.goto(f"{stack.origin}/reservations/")
    otto.get_by_role("link", name=who).first.click()
    otto.get_by_role("button", name="Release").click()
    expect(otto.locator(".toast p").first).to_contain_text("the units are available again")
    assert product_with_stock(otto, stack)[1] == before


def test_a_large_write_off_waits_for_another_who_approves_it(
    stack: Stack, new_page: NewPage, sign_in: SignIn
) -> None:
    marina, ana = new_page(), new_page()
    sign_in(marina, "manager")
    sign_in(ana, "admin")
    address, before = product_with_stock(marina, stack)
    marina.goto(address)
    adjust(marina, "Receive", 150)
    expect(marina.locator(".qty strong").first).to_have_text(f"{before + 150:,}")
    adjust(marina, "Write off", 150, "Damaged")
    expect(marina.locator(".toast.warn p")).to_contain_text("Nothing has moved yet.")
    expect(marina.locator(".qty strong").first).to_have_text(f"{before + 150:,}")
    marina.locator(".toast a").click()
    expect(marina.locator(".alert")).to_contain_text("another person must approve it")
    expect(marina.get_by_role("button", name="Approve")).to_have_count(0)
    act = marina.url

    ana.goto(f"{stack.origin}/")
    ana.get_by_role("link", name=re.compile("for approval")).click()
    ana.locator("tbody a").first.click()
    expect(ana).to_have_url(act)
    ana.get_by_role("button", name="Approve").click()
    expect(ana.locator(".toast p").first).to_have_text("Approved, and done.")
    marina.reload()
    expect(marina.locator("dl")).to_contain_text("Approved ·")
    marina.goto(address)
    expect(marina.locator(".qty strong").first).to_have_text(f"{before:,}")


def test_a_refusal_says_why_and_who_asked_reads_it(
    stack: Stack, new_page: NewPage, sign_in: SignIn
) -> None:
    otto, marina = new_page(), new_page()
    sign_in(otto, "operator")
    sign_in(marina, "manager")
    address, before = product_with_stock(otto, stack)
    otto.goto(address)
    adjust(otto, "Correct", before + 500, "Found")
    otto.locator(".toast.warn a").click()
    marina.goto(otto.url)
    marina.get_by_role("link", name="Refuse").click()
    settled = marina.locator("#dialog-body:not(.htmx-settling) [name=refusal]")
    expect(settled).to_be_focused()
    marina.keyboard.press("Enter")
    expect(marina.locator("dialog .error")).to_be_visible()
    marina.fill("dialog [name=refusal]", "Count it again, please.")
    marina.keyboard.press("Enter")
    expect(marina.locator("dl")).to_contain_text("Count it again, please.")
    otto.reload()
    expect(otto.locator("dl")).to_contain_text("Count it again, please.")
    otto.goto(address)
    expect(otto.locator(".qty strong").first).to_have_text(f"{before:,}")
