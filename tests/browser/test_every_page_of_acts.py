"""Batches, receipts, reservations, approvals, reorder and imports: every page, in every way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_every_page import WAYS, inspect
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]
KINDS = ("receipt", "issue", "transfer", "return", "adjustment", "write_off")


def choose_kind(page: Page, kind: str) -> None:
    """Choose what to do, whatever it is called in the language of the page."""
    page.locator(f"input[name=kind][value={kind}]").check(force=True)


def submit(page: Page) -> None:
    """Press the form's main button."""
    page.locator("main form button.primary").last.click()


def chosen_product(page: Page, stack: Stack) -> tuple[str, str, str]:
    """Address, place and level of a product that is well in stock."""
    page.goto(f"{stack.origin}/?q=C9300")
    row = page.locator("tbody tr").filter(
        has=page.locator(".qty strong", has_text=re.compile(r"\d\d"))
    )
    address = row.first.locator("th a").get_attribute("href") or ""
    place = row.first.locator(".loc-s").text_content() or ""
    return address, place, row.first.locator(".c-pick input").get_attribute("value") or ""


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_of_an_act_is_accessible_and_in_bounds(
    stack: Stack, new_page: NewPage, sign_in: SignIn, theme: str, width: int, language: str
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    problems: list[str] = []

    def look(name: str, address: str = "") -> None:
        if address:
            page.goto(f"{stack.origin}{address}" if address.startswith("/") else address)
        inspect(page, f"{theme}-{width}-{language}-{name}", problems)

    sign_in(page, "manager")
    product, place, level = chosen_product(page, stack)
    page.locator("[popovertarget=more]").click()
    look("more")
    for kind in KINDS:
        page.goto(f"{stack.origin}/?q=C9300")
        page.locator("tbody tr .acts a").first.click()
        expect(page.locator("dialog [name=quantity]")).to_be_focused()
        choose_kind(page, kind)
        look(f"dialog-{kind}")
        look(f"movement-{kind}", f"{product}transactions/new/?location={place}&kind={kind}")

    look("new-batch", f"/batches/new/?level={level}")
    look("new-batch-of-none", "/batches/new/")
    page.goto(f"{stack.origin}/batches/new/?level={level}")
    page.fill("input.amount", "100000")
    submit(page)
    look("batch-refused")
    page.fill("input.amount", "1")
    submit(page)
    look("batch-preview")
    submit(page)
    look("batch")
    page.locator("main .head form button").click()
    look("batch-undone")
    look("batches", "/batches/")
    look("new-receipt", "/receipts/new/")
    submit(page)
    look("receipt-refused")

    reserve = f"/reservations/new/?product={product.split('/')[2]}&location={place}"
    look("new-reservation", reserve)
    submit(page)
    look("reservation-refused")
    page.fill("main [name=recipient]", "Department of rather long names, third floor, room 3.14")
    submit(page)
    look("reservation")
    held = page.url
    look("reservation-issue", f"{held}transactions/")
    look("reservations", "/reservations/")
    look("product-with-reservation", product)

    page.goto(f"{stack.origin}{product}transactions/new/?location={place}")
    choose_kind(page, "adjustment")
    page.fill("[name=quantity]", "9999")
    page.locator("[name=reason]").select_option(index=1)
    submit(page)
    look("waiting-toast")
    page.locator(".toast a").click()
    look("approval-of-mine")
    act = page.url
    look("approvals", "/approvals/")
    look("stock-with-waiting", "/")
    look("approval-refusal", f"{act}refusal/")
    page.fill("main [name=refusal]", "That was a test.")
    submit(page)
    look("approval-taken-back")
    look("approvals-decided", "/approvals/?state=decided")

    look("reorder", "/reports/reorder/")
    look("reorder-points", f"{product}reorder-points/")
    page.fill("main [name=location]", place)
    page.fill("main [name=quantity]", "9999")
    submit(page)
    look("product-with-minimum")
    look("reorder-of-places", "/reports/reorder/?per=location")
    page.goto(held)
    page.locator("main .head form button").click()
    look("reservation-released")
    assert problems == []


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_of_an_import_is_accessible_and_in_bounds(
    stack: Stack,
    new_page: NewPage,
    sign_in: SignIn,
    tmp_path: Path,
    theme: str,
    width: int,
    language: str,
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    way, problems = f"{theme}-{width}-{language}", list[str]()
    path = tmp_path / f"a-file-with-a-rather-long-name-{way}.csv"
    rows = [f"Zz {way} {n},{n},{'x' * 60}" for n in range(30)]
    path.write_text("\n".join(["name,quantity,colour", *rows, "Zz bad,6.37702E+15,"]))
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/imports/")
    page.locator("[name=default_location]").select_option(index=1)
    submit(page)
    inspect(page, f"{way}-import-refused", problems)
    page.set_input_files("[name=file]", path)
    page.locator("[name=default_location]").select_option(index=1)
    submit(page)
    inspect(page, f"{way}-import-columns", problems)
    page.locator("[name=column-name]").select_option(index=0)
    submit(page)
    inspect(page, f"{way}-import-columns-refused", problems)
    page.locator("[name=column-name]").select_option(index=1)
    submit(page)
    expect(page.locator(".tiles")).to_be_visible(timeout=60_000)
    inspect(page, f"{way}-import-preview", problems)
    submit(page)
    expect(page.locator("#progress")).to_have_count(0, timeout=60_000)
    inspect(page, f"{way}-import-done", problems)
    assert problems == []
