"""Every page, in both themes, both widths and both languages: accessible, in bounds, silent.

The screenshots are left in `test-artefacts/`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import ARTEFACTS, NewPage
from tests.stack_fixture import Stack

AT_THE_DOOR = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
}
INSIDE = {
    "stock": "/",
    "found": "/?q=C9300",
    "nothing-found": "/?q=zebra",
    "low": "/?level=low",
    "product": "{product}",
    "history-of-product": "{product}transactions/",
    "adjust": "{product}transactions/new/?location={place}",
    "edit": "{product}edit/",
    "new-product": "/products/new/",
    "history": "/transactions/",
    "transaction": "{transaction}",
    "report": "/reports/stock/",
    "report-as-of": "/reports/stock/?as_of=2026-01-31",
    "stock-as-of": "/?as_of={now}",
    "product-as-of": "{product}?as_of={now}",
    "movements": "/reports/movements/",
    "movements-refused": "/reports/movements/?product=nobody",
    "valuation": "/reports/valuation/",
    "import": "/imports/",
    "counts": "/counts/",
    "new-count": "/counts/new/",
    "proofs": "/proofs/",
    "webhooks": "/webhooks/",
    "new-webhook": "/webhooks/new/",
    "not-found": "/products/nowhere/",
    "profile": "/accounts/profile/",
    "password": "/accounts/password/change/",
    "e-mail": "/accounts/email/",
    "sign-out": "/accounts/logout/",
}
ADMINISTRATION = {
    "people": "/accounts/admin/accounts/user/",
    "invite": "/accounts/admin/accounts/user/add/",
    "history-of-people": "/accounts/admin/accounts/personchange/",
    "person": "{person}",
    "personal-tokens": "/accounts/tokens/",
    "sessions": "/accounts/sessions/",
}
# Every theme in every width, and each of those sides of the house in both languages.
WAYS = [
    ("light", 1280, "en"),
    ("light", 390, "pt-br"),
    ("dark", 1280, "pt-br"),
    ("dark", 390, "en"),
]


def inspect(page: Page, name: str, problems: list[str]) -> None:
    """Note what is wrong with the page as it stands, and keep a picture of it."""
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if width[0] > width[1]:
        problems.append(f"{name}: {width[0]} px wide in a window of {width[1]}")
    for violation in Axe().run(page).response["violations"]:
        where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
        problems.append(f"{name}: {violation['id']} at {where}")
    page.screenshot(path=ARTEFACTS / f"{name}.png")


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_is_accessible_and_in_bounds(
    stack: Stack,
    new_page: NewPage,
    sign_in: Callable[[Page, str], None],
    theme: str,
    width: int,
    language: str,
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    way = f"{theme}-{width}-{language}"
    problems: list[str] = []

    def look(name: str, address: str) -> None:
        page.goto(f"{stack.origin}{address}")
        inspect(page, f"{way}-{name}", problems)

    for name, address in AT_THE_DOOR.items():
        look(name, address)
    sign_in(page, "manager")
    row = page.locator("tbody tr").first
    row.locator("button").nth(1).click()
    page.wait_for_selector(".toast")
    inspect(page, f"{way}-toast", problems)
    known = {
        "product": row.locator("th a").get_attribute("href"),
        "place": row.locator(".c-loc code").text_content(),
    }
    row.locator(".acts a").click()
    page.wait_for_selector("dialog[open] [name=quantity]")
    page.fill("dialog [name=quantity]", "1.5")
    page.click("dialog button.primary")
    page.wait_for_selector("dialog .error")
    inspect(page, f"{way}-dialog-refused", problems)
    page.keyboard.press("Escape")
    page.click("button.user")
    inspect(page, f"{way}-menu", problems)
    page.goto(f"{stack.origin}/transactions/")
    known["now"] = datetime.now(UTC).isoformat()
    known["transaction"] = page.locator(".l-time a").first.get_attribute("href")
    for name, address in INSIDE.items():
        look(name, address.format(**known))
    assert problems == []


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_about_people_is_accessible_and_in_bounds(
    stack: Stack,
    new_page: NewPage,
    sign_in: Callable[[Page, str], None],
    theme: str,
    width: int,
    language: str,
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    problems: list[str] = []
    sign_in(page, "admin")
    page.goto(f"{stack.origin}{ADMINISTRATION['people']}")
    person = page.locator("tbody th a, tbody td a").first.get_attribute("href")
    for name, address in ADMINISTRATION.items():
        page.goto(f"{stack.origin}{address.format(person=person)}")
        inspect(page, f"{theme}-{width}-{language}-{name}", problems)
    assert problems == []


def test_a_page_weighs_little(
    stack: Stack, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "operator")
    weights: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on(
        "Network.loadingFinished",
        lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(f"{stack.origin}/", wait_until="networkidle")
    print(f"the dashboard: {len(weights)} requests, {sum(weights.values()) / 1024:.1f} KiB")
    assert len(weights) <= 6
    assert sum(weights.values()) <= 50 * 1024
