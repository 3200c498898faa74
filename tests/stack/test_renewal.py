"""A token that has expired costs nobody a click: it is renewed on the way, without scripts."""

import json
import sys
import time

import httpx
import jwt
import pytest

from tests.stack.people import MARKER, SESSION, TOKEN, Browser, Shelf, SignIn, ask, stopped
from tests.stack_fixture import Stack

# Signs the claims it reads with the key that signs now.
SIGN = """
import json, os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "identity_site.settings"
django.setup()
from identity_site.tokens.access_token import sign
print(sign(json.load(sys.stdin), typ="at+jwt"))
"""


@pytest.fixture
def browser(stack: Stack, enter: SignIn) -> Browser:
    """The browser of an operator who has just signed in."""
    return enter(stack, "operator")


def expired(stack: Stack, token: str) -> str:
    """Return the same token as it was an hour ago."""
    claims = jwt.decode(token, options={"verify_signature": False})
    claims |= {name: claims[name] - 3600 for name in ("iat", "nbf", "exp")}
    command = ("exec", "--", sys.executable, "-c", SIGN)
    return stack.run(*command, text=json.dumps(claims)).strip()


def set_by(answer: httpx.Response) -> set[str]:
    return {header.partition("=")[0] for header in answer.headers.get_list("set-cookie")}


def test_a_session_that_ended_takes_the_token_with_it(stack: Stack, browser: Browser) -> None:
    shelf = Shelf(stack, browser)
    before = shelf.on_hand
    ask(
        stack,
        "identity",
        f"DELETE FROM django_session WHERE session_key = '{browser.jar[SESSION]}'",
    )
    browser.forget(MARKER)
    refused = browser.get("/transactions/")
    assert refused.headers["Location"] == "/accounts/login/?next=/transactions/"
    assert {TOKEN, MARKER, SESSION} <= set_by(refused)
    assert not {TOKEN, MARKER, SESSION} & browser.jar.keys()
    post = shelf.receive()
    assert post.status_code == 401  # and not a redirect that loses what was filled in
    assert shelf.receive(htmx=True).headers["HX-Redirect"] == "/accounts/login/?next=/"
    assert shelf.on_hand == before


def test_a_program_s_token_is_never_renewed_by_the_cookies_beside_it(
    stack: Stack, browser: Browser
) -> None:
    headers = {"Authorization": f"Bearer {expired(stack, browser.jar[TOKEN])}"}
    browser.forget(MARKER)
    answer = browser.get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert not set_by(answer)


@pytest.mark.parametrize("lost", [(MARKER,), (MARKER, TOKEN)], ids=["stale", "expired"])
def test_a_page_is_shown_with_a_new_token(browser: Browser, lost: tuple[str, ...]) -> None:
    old = browser.jar[TOKEN]
    browser.forget(*lost)
    answer = browser.get("/transactions/")
    assert answer.status_code == 200
    assert {TOKEN, MARKER} == set_by(answer) & {TOKEN, MARKER, SESSION}
    assert browser.jar[TOKEN] != old
    assert browser.jar[MARKER] == "1"
    again = browser.get("/transactions/")
    assert (again.status_code, set_by(again) & {TOKEN, MARKER}) == (200, set())


@pytest.mark.parametrize("address", ["/products/new/", "/admin/", "/imports/"])
def test_so_is_a_manager_s_page(stack: Stack, enter: SignIn, address: str) -> None:
    browser = enter(stack, "manager")
    browser.forget(TOKEN, MARKER)
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("htmx", [True, False], ids=["with scripts", "without"])
def test_a_press_with_an_expired_token_counts_once(
    stack: Stack, browser: Browser, htmx: bool
) -> None:
    shelf = Shelf(stack, browser)
    before = shelf.on_hand
    browser.jar[TOKEN] = expired(stack, browser.jar[TOKEN])
    assert browser.get("/").status_code == 302  # while the marker says that it is fresh
    browser.forget(MARKER)
    answer = shelf.receive(htmx=htmx)
    assert answer.status_code == (200 if htmx else 302), answer.text
    assert {TOKEN, MARKER} <= set_by(answer)
    assert "accounts" not in answer.headers.get("Location", "")
    assert shelf.on_hand == before + 1


def test_an_upload_is_renewed_on_its_way(stack: Stack, enter: SignIn) -> None:
    browser = enter(stack, "manager")
    page = browser.get("/imports/").text
    secret = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    table = "sku,name\n" + "".join(f"T-{n},{'x' * 60}\n" for n in range(40_000))  # 2.8 MB
    browser.forget(TOKEN, MARKER)
    answer = browser.post(
        "/imports/",
        data={"csrfmiddlewaretoken": secret},
        files={"file": ("products.csv", table.encode(), "text/csv")},
        timeout=120,
    )
    assert {TOKEN, MARKER} <= set_by(answer)
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith("/imports/")  # to what becomes of every row


def test_while_identity_hangs_it_is_asked_once_in_fifteen_seconds(
    stack: Stack, browser: Browser
) -> None:
    browser.forget(MARKER)
    with stopped(stack.pids("identity_site.wsgi")):
        answer = browser.get("/")
        assert answer.status_code == 200
        assert browser.jar[MARKER] == "retry"
        again = browser.get("/")
        assert (again.status_code, set_by(again) & {TOKEN, MARKER}) == (200, set())
    (header,) = [h for h in answer.headers.get_list("set-cookie") if h.startswith(MARKER)]
    attributes = {"Max-Age=15", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
    assert set(header.split("; ")[1:]) == attributes
    deadline = time.monotonic() + 20
    while browser.jar[MARKER] == "retry" and time.monotonic() < deadline:
        browser.forget(MARKER)  # the fifteen seconds are over
        assert browser.get("/").status_code == 200
    assert browser.jar[MARKER] == "1"
