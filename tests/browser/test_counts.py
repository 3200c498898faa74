"""A stock count as people do it: opened, scanned, typed, printed, reviewed, posted, explained."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_every_page import WAYS, inspect
from tests.browser.test_quick_actions import slow_down
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]


def product_with_stock(page: Page, stack: Stack) -> tuple[str, str, int]:
    """SKU, location and quantity of a product that is well in stock."""
    page.goto(f"{stack.origin}/?q=C9300")
    several = page.locator(".qty strong[data-st=ok]", has_text=re.compile(r"[1-9]\d"))
    row = page.locator("tbody tr").filter(has=several).first
    on_hand = re.sub(r"\D", "", row.locator(".qty strong").inner_text())
    return (
        row.locator("th code").inner_text(),
        row.locator(".c-loc code").inner_text(),
        int(on_hand),
    )


def open_count(page: Page, stack: Stack, name: str, sku: str, place: str, *, blind: bool) -> None:
    """Open a count of one product at one place."""
    page.goto(f"{stack.origin}/counts/new/")
    page.fill("[name=name]", name)
    page.locator(f"[name=is_blind][value={'yes' if blind else 'no'}]").check(force=True)
    page.fill("[name=location]", place)
    page.fill("[name=products]", sku)
    page.click("main form button.primary")
    expect(page.locator("h1")).to_have_text(name)


def test_fast_scans_over_a_slow_line_all_count_in_order(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "manager")
    sku, place, _on_hand = product_with_stock(page, stack)
    open_count(page, stack, "Scanned", sku, place, blind=True)
    page.get_by_role("link", name="Scan").click()
    slow_down(page, 300)
    for code in (place, sku, sku, "NOPE", f"{sku} 5", sku):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.locator("#scan .alert.warn")).to_have_count(3)
    expect(page.locator("#scan")).to_contain_text("again: 8 by now")
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_value("")
    page.keyboard.type("NOPE\n")
    expect(page.locator("#scan")).to_contain_text("“NOPE” is no product and no location.")


def test_without_scripts_a_count_goes_from_opening_to_its_explanation(
    stack: Stack, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(script=False)
    sign_in(page, "manager")
    sku, place, on_hand = product_with_stock(page, stack)
    open_count(page, stack, "By hand", sku, place, blind=False)
    page.get_by_role("link", name="Scan").click()
    for code in (place, sku):
        page.fill("#code", code)
        page.press("#code", "Enter")
    expect(page.locator("#scan .alert.done")).to_contain_text("1 counted")
    page.get_by_role("link", name="Done").click()
    page.fill("tbody input.amount", str(on_hand + 2))
    page.press("tbody input.amount", "Enter")
    expect(page.locator(".toast p").first).to_have_text("1 line counted.")
    page.get_by_role("link", name="Review and post").click()
    expect(page.locator(".l-change")).to_have_text("+2")
    page.click("main form button.primary")
    expect(page.locator(".l-balance")).to_have_text(f"{on_hand:,} → {on_hand + 2:,}")
    page.locator(".l-change a").click()
    expect(page.locator("dl")).to_contain_text("By hand")


def test_the_sheet_prints_black_on_white_with_nothing_but_the_lines(
    stack: Stack, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(theme="dark")
    sign_in(page, "manager")
    sku, place, _on_hand = product_with_stock(page, stack)
    open_count(page, stack, "On paper", sku, place, blind=True)
    page.get_by_role("link", name="Sheet").click()
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("tbody .box")).to_be_visible()
    expect(page.locator("tbody th")).to_have_css("color", "rgb(29, 28, 25)")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_of_a_count_is_accessible_and_in_bounds(
    stack: Stack, new_page: NewPage, sign_in: SignIn, theme: str, width: int, language: str
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    way = f"{theme}-{width}-{language}"
    problems: list[str] = []
    sign_in(page, "manager")
    _sku, place, _on_hand = product_with_stock(page, stack)
    page.goto(f"{stack.origin}/counts/new/")
    page.fill("[name=name]", f"All of {place}, {way}")
    page.fill("[name=location]", "NOWHERE-AT-ALL")
    page.click("main form button.primary")
    inspect(page, f"{way}-new-count-refused", problems)
    page.locator("[name=is_blind][value=no]").check(force=True)
    page.fill("[name=location]", place)
    page.click("main form button.primary")
    count = page.url
    fields = page.locator("tbody input.amount")
    for number, text in enumerate(("3", "1000", "0")):
        fields.nth(number).fill(text)
    page.click("main form .foot button >> nth=0")
    page.wait_for_selector(".toast")
    fields.first.fill("1.5")
    page.keyboard.press("Enter")
    page.wait_for_selector("p.error")
    inspect(page, f"{way}-count-refused", problems)
    for name, below in {
        "count": "", "count-left": "?show=left", "count-sheet": "sheet/", "count-scan": "scan/",
        "count-posting": "posting/", "count-cancellation": "cancellation/",
    }.items():  # fmt: skip
        page.goto(f"{count}{below}")
        inspect(page, f"{way}-{name}", problems)
    page.goto(f"{count}posting/")
    page.click("main form button.primary")
    inspect(page, f"{way}-count-result", problems)
    page.goto(f"{stack.origin}/counts/")
    inspect(page, f"{way}-counts", problems)
    assert problems == []
