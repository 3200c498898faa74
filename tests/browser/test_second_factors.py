"""Second factors in a real browser: an authenticator app, recovery codes, a passkey."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.factors import (
    SEND,
    TOKENS,
    add_passkey,
    app_code,
    first_step,
    plug_in_passkeys,
    register,
    set_up_app,
    sign_out,
)
from tests.stack_fixture import Stack


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_app_and_then_a_recovery_code(stack: Stack, new_page: NewPage, script: bool) -> None:
    page = new_page(script=script)
    address = register(page, stack)
    secret = set_up_app(page, stack)
    codes = page.input_value("#recovery_codes").split()
    assert len(codes) == 10
    page.check("#codes_saved")

    sign_out(page, stack)
    first_step(page, stack, address)
    page.fill("[name=code]", app_code(secret))
    page.click(SEND)
    expect(page).to_have_url(f"{stack.origin}/")
    assert {cookie.get("name") for cookie in page.context.cookies()} >= TOKENS

    sign_out(page, stack)
    first_step(page, stack, address)
    page.fill("[name=code]", codes[0])
    page.click(SEND)
    expect(page).to_have_url(f"{stack.origin}/")


def test_a_passkey_alone_and_as_the_second_step(stack: Stack, page: Page) -> None:
    plug_in_passkeys(page)
    address = register(page, stack)
    add_passkey(page, stack)
    expect(page).to_have_url(f"{stack.origin}/accounts/2fa/recovery-codes/")
    page.check("#codes_saved")

    sign_out(page, stack)
    page.goto(f"{stack.origin}/accounts/login/?next=/transactions/")
    page.click("#passkey_login")
    expect(page).to_have_url(f"{stack.origin}/transactions/")

    sign_out(page, stack)
    first_step(page, stack, address)
    page.click("#mfa_webauthn_authenticate")
    expect(page).to_have_url(f"{stack.origin}/")


def test_a_passkey_that_does_not_come_is_said_in_a_toast(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.origin}/accounts/login/")
    page.route("**/webauthn/login/", lambda route: route.fulfill(status=404, body="no"))
    page.click("#passkey_login")
    expect(page.locator(".toast.warn")).to_be_visible()


def test_without_javascript_passkeys_are_not_offered(stack: Stack, new_page: NewPage) -> None:
    page = new_page(script=False)
    page.goto(f"{stack.origin}/accounts/login/")
    expect(page.locator("#passkey_login")).to_be_hidden()
    assert "JavaScript" in (page.locator("noscript").text_content() or "")
    expect(page.get_by_role("link", name="code")).to_be_visible()
