"""Somebody new, and second factors for them: an authenticator app, a passkey."""

import base64
import hashlib
import hmac
import struct
import time
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import mailed_code
from tests.stack_fixture import Stack

PASSWORD = "a long enough sentence"
TOKENS = {"__Host-ts_at", "__Host-ts_fresh"}
SEND = "main form button.primary"
PERIOD = 30  # seconds for which a code is good


def app_code(secret: str) -> str:
    """What an authenticator app shows (RFC 6238); near the end of a period, the next one's."""
    if (left := PERIOD - time.time() % PERIOD) < 5:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def register(page: Page, stack: Stack) -> str:
    """Sign somebody new up and return their address; they are signed in."""
    address = f"nadia-{uuid4().hex[:8]}@techstock.example"
    page.goto(f"{stack.origin}/accounts/signup/")
    page.fill("[name=name]", "Nadia Nunes")
    page.fill("[name=email]", address)
    page.fill("[name=password1]", PASSWORD)
    page.click(SEND)
    page.fill("[name=code]", mailed_code(stack.mail_folder, address))
    page.click(SEND)
    page.wait_for_url(f"{stack.origin}/")
    return address


def open_sensitive(page: Page, address: str) -> None:
    """Open a page that asks for the password first, unless it was entered just now."""
    page.goto(address)
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click(SEND)
    expect(page).to_have_url(address)


def set_up_app(page: Page, stack: Stack) -> str:
    """Set an app up, and return its secret; leaves on the page with the recovery codes."""
    open_sensitive(page, f"{stack.origin}/accounts/2fa/totp/activate/")
    secret = page.inner_text("#authenticator_secret")
    page.fill("[name=code]", app_code(secret))
    page.click(SEND)
    expect(page).to_have_url(f"{stack.origin}/accounts/2fa/recovery-codes/")
    return secret


def plug_in_passkeys(page: Page) -> None:
    """Give the page what a phone or laptop has: somewhere to keep passkeys, and a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page, stack: Stack) -> None:
    open_sensitive(page, f"{stack.origin}/accounts/2fa/webauthn/add/")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")


def sign_out(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.origin}/accounts/logout/")
    page.click(SEND)


def first_step(page: Page, stack: Stack, address: str) -> None:
    """Enter the password, and see that it alone is worth no token."""
    page.goto(f"{stack.origin}/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.click(SEND)
    expect(page).to_have_url(f"{stack.origin}/accounts/2fa/authenticate/")
    assert not TOKENS & {cookie.get("name") for cookie in page.context.cookies()}
