"""Several rows at once as people do it: ticked, previewed, moved, looked at, undone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]


def quantity(row: Locator) -> int:
    """Units in stock, as a row of the list says."""
    return int(re.sub(r"\D", "", row.locator(".qty strong").inner_text()))


def in_stock(page: Page, stack: Stack) -> Locator:
    """Rows of the list with more than a few units."""
    page.goto(f"{stack.origin}/?q=C9300")
    return page.locator("tbody tr").filter(
        has=page.locator(".qty strong", has_text=re.compile(r"\d\d"))
    )


def standing(page: Page, stack: Stack, sku: str, place: str) -> int:
    """How many units of a product the list says are at a place."""
    page.goto(f"{stack.origin}/?q={sku}")
    code = page.locator(".c-loc code", has_text=re.compile(f"^{re.escape(place)}$"))
    same = page.locator("th code", has_text=re.compile(f"^{re.escape(sku)}$"))
    return quantity(page.locator("tbody tr").filter(has=code).filter(has=same))


def names(row: Locator) -> tuple[str, str]:
    """SKU and place of a row."""
    return row.locator("th code").inner_text(), row.locator(".c-loc code").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_ticked_rows_are_moved_together_and_put_back_together(
    stack: Stack, new_page: NewPage, sign_in: SignIn, script: bool
) -> None:
    page = new_page(script=script)
    sign_in(page, "operator")
    rows = in_stock(page, stack)
    before = [quantity(rows.nth(n)) for n in range(2)]
    chosen = [names(rows.nth(n)) for n in range(2)]
    for n in range(2):
        rows.nth(n).locator(".c-pick input").check()
    page.get_by_role("button", name="With the ticked rows").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    known = page.locator("#locations option").evaluate_all("all => all.map(each => each.value)")
    there = next(code for code in known if code not in {place for _sku, place in chosen})

    page.get_by_role("radio", name="Transfer").check(force=True)
    page.fill("input.amount >> nth=0", "2")
    page.fill("input.amount >> nth=1", "1")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".err .error")).to_have_text("Say where it goes.")
    page.fill("[name=destination]", there.lower())
    page.get_by_role("button", name="Preview").click()
    foreseen = page.locator("table").first
    expect(foreseen.locator("tbody tr")).to_have_count(4)
    expect(foreseen).to_contain_text(f"{before[0]} → {before[0] - 2}")

    page.get_by_role("button", name="Do it").click()
    expect(page).to_have_url(re.compile(r"/batches/\d+/$"))
    batch = page.url
    expect(page.locator("h1")).to_contain_text("Transfer")
    expect(page.locator(".toast p").first).to_contain_text("4 lines recorded.")
    expect(page.locator("tbody tr")).to_have_count(4)
    moved = [standing(page, stack, *each) for each in chosen]
    assert moved == [before[0] - 2, before[1] - 1]

    page.goto(batch)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator("dl")).to_contain_text("Takes back")
    page.goto(batch)
    expect(page.locator("dl")).to_contain_text("Undone by")
    expect(page.get_by_role("button", name="Undo all of it")).to_have_count(0)
    assert [standing(page, stack, *each) for each in chosen] == before


def test_more_than_there_is_is_said_at_its_row_and_cannot_be_confirmed(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "operator")
    row = in_stock(page, stack).first
    too_many = quantity(row) + 1
    row.locator(".c-pick input").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="With the ticked rows").press("Enter")
    page.fill("input.amount", str(too_many))
    page.keyboard.press("Enter")
    expect(page.locator("tbody .badge.bad").first).to_contain_text("Not enough stock")
    expect(page.get_by_role("button", name="Do it")).to_have_count(0)


def test_without_a_ticked_row_the_way_back_is_shown(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "operator")
    page.get_by_role("button", name="With the ticked rows").click()
    expect(page.locator("h2")).to_have_text("No rows were chosen")
    page.get_by_role("link", name="Go to the stock").click()
    expect(page).to_have_url(f"{stack.origin}/")


def test_a_delivery_is_typed_previewed_received_and_undone(
    stack: Stack, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "manager")
    row = in_stock(page, stack).first
    sku, place = names(row)
    before = quantity(row)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Receive goods").click()
    page.fill("[name=line-0-sku]", sku.lower())
    page.fill("[name=line-0-location]", place)
    page.fill("[name=line-0-quantity]", "3")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("table").first).to_contain_text(f"{before} → {before + 3}")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("h1")).to_contain_text("Receipt of goods")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("dl")).to_contain_text("Takes back")
    assert standing(page, stack, sku, place) == before
