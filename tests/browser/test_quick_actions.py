"""Fast fingers, slow networks, scanners: every click counts once, in order, and focus stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]


def slow_down(page: Page, milliseconds: int) -> None:
    """Make every answer come that much later."""
    session = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": milliseconds}
    conditions |= {"downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def on_hand(page: Page) -> int:
    return int(page.locator("tbody tr .qty strong").first.inner_text().replace(",", ""))


def test_four_fast_clicks_over_a_slow_line_all_count_in_order_and_keep_the_focus(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "operator")
    page.goto(f"{stack.origin}/?level=")
    row = page.locator("tbody tr").filter(has=page.locator("[data-st=ok]")).first
    address = row.locator("th a").get_attribute("href")
    before = int(row.locator(".qty strong").inner_text())
    slow_down(page, 400)
    plus, minus = row.get_by_role("button", name="+1"), row.get_by_role("button", name="−1")
    for button in (plus, minus, plus, plus):
        button.click(no_wait_after=True)
    expect(row.locator(".qty strong")).to_have_text(str(before + 2))
    expect(page.locator(".toast").first).to_contain_text(f"now {before + 2} in stock")
    assert page.evaluate("document.activeElement.textContent").startswith("+1")

    page.goto(f"{stack.origin}{address}")
    changes = page.locator(".ledger .l-change").all_inner_texts()[:4]
    assert [change.strip() for change in reversed(changes)] == ["+1", "-1", "+1", "+1"]


def test_a_scanner_types_a_code_and_its_next_enter_counts(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "operator")
    sku = page.locator("tbody tr code").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(sku, delay=5)
    page.keyboard.press("Enter")
    expect(page.locator("[data-exact]")).to_be_focused()
    before = on_hand(page)
    page.keyboard.press("Enter")
    expect(page.locator(".toast p")).to_contain_text(f"now {before + 1:,} in stock")


def test_undo_in_the_toast_takes_it_back(stack: Stack, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "operator")
    before = on_hand(page)
    page.locator("tbody tr").first.get_by_role("button", name="+1").click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast p").first).to_contain_text("Undone.")
    assert on_hand(page) == before


@pytest.mark.parametrize("status", [0, 500, 502, 503])
def test_a_movement_that_was_not_confirmed_claims_nothing(
    new_page: NewPage, sign_in: SignIn, status: int
) -> None:
    page = new_page(failing=True)
    sign_in(page, "operator")

    def break_the_line(route: Route) -> None:
        route.fulfill(status=status, body="gone") if status else route.abort()

    page.route("**/transactions/**", break_the_line)
    page.locator("tbody tr").first.get_by_role("button", name="+1").click()
    expect(page.locator(".toast.bad p")).to_have_text(
        "Could not confirm that. Check the quantity before you try again."
    )


def test_going_back_shows_a_whole_page_with_the_list_as_it_was(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "operator")
    page.select_option("[name=level]", "low")
    expect(page).to_have_url(f"{stack.origin}/?q=&category=&level=low")
    page.locator("tbody th a").first.click()
    expect(page.locator("h2#history-title")).to_be_visible()
    page.go_back()
    expect(page.locator("header.top")).to_be_visible()
    expect(page.locator("select[name=level]")).to_have_value("low")
    page.reload()
    expect(page.locator("#count")).to_contain_text("products")


def test_a_dialog_that_was_not_confirmed_says_so_inside_and_keeps_what_was_typed(
    new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(failing=True)
    sign_in(page, "operator")
    page.locator("tbody tr .acts a").first.click()
    page.fill("dialog [name=quantity]", "3")
    page.route("**/transactions/**", lambda route: route.abort())
    page.click("dialog button.primary")
    expect(page.locator("dialog .toast.bad p")).to_contain_text("Could not confirm that.")
    expect(page.locator("dialog button.primary")).to_be_focused()
    expect(page.locator("dialog [name=quantity]")).to_have_value("3")


def test_after_an_unconfirmed_click_the_list_shows_what_the_ledger_has(
    new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(failing=True)
    sign_in(page, "operator")
    before = on_hand(page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()  # it was counted, but nobody hears of it
        route.abort()

    page.route("**/transactions/**", lose_the_answer)
    page.locator("tbody tr").first.get_by_role("button", name="+1").click()
    expect(page.locator(".toast.bad")).to_be_visible()
    expect(page.locator("tbody tr .qty strong").first).to_have_text(f"{before + 1:,}")


def test_without_a_secure_origin_every_click_still_has_a_key_of_its_own(
    new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page()
    page.add_init_script("delete Crypto.prototype.randomUUID")
    sign_in(page, "operator")
    before = on_hand(page)
    plus = page.locator("tbody tr").first.get_by_role("button", name="+1")
    for number in (1, 2):
        plus.click()
        expect(page.locator("tbody tr .qty strong").first).to_have_text(f"{before + number:,}")
