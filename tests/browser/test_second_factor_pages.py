"""Every page about second factors, in both themes, both widths and both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.factors import (
    add_passkey,
    first_step,
    open_sensitive,
    plug_in_passkeys,
    register,
    set_up_app,
    sign_out,
)
from tests.browser.test_every_page import WAYS, inspect
from tests.stack_fixture import Stack


@pytest.mark.parametrize(("theme", "width", "language"), WAYS)
def test_every_page_about_them_is_accessible_and_in_bounds(
    stack: Stack, new_page: NewPage, theme: str, width: int, language: str
) -> None:
    page = new_page(width=width, theme=theme, django_language=language)
    plug_in_passkeys(page)
    problems: list[str] = []

    def look(name: str) -> None:
        inspect(page, f"{theme}-{width}-{language}-{name}", problems)

    address = register(page, stack)
    page.goto(f"{stack.origin}/accounts/2fa/")
    look("two-step-off")
    page.goto(f"{stack.origin}/accounts/2fa/totp/activate/")
    look("prove-again")
    open_sensitive(page, f"{stack.origin}/accounts/2fa/totp/activate/")
    look("app")
    set_up_app(page, stack)
    look("recovery-codes")
    page.check("#codes_saved")
    open_sensitive(page, f"{stack.origin}/accounts/2fa/webauthn/add/")
    look("passkey-add")
    add_passkey(page, stack)
    expect(page).to_have_url(f"{stack.origin}/accounts/2fa/")
    look("two-step-on")
    for name, where in {
        "passkeys": "2fa/webauthn/",
        "recovery-codes-seen": "2fa/recovery-codes/",
        "recovery-codes-anew": "2fa/recovery-codes/generate/",
        "app-off": "2fa/totp/deactivate/",
        "prove-by-code": "2fa/reauthenticate/",
        "prove-by-passkey": "2fa/webauthn/reauthenticate/",
        "sessions": "sessions/",
    }.items():
        page.goto(f"{stack.origin}/accounts/{where}")
        look(name)
    sign_out(page, stack)
    page.goto(f"{stack.origin}/accounts/login/code/")
    look("code")
    first_step(page, stack, address)
    look("second-step")
    assert problems == []
