"""The mail about a sign-in with a browser that is new to the account."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.devices import describe
from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, sign_in

CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36"
)


def browser(agent: str = CHROME, ip: str = "198.51.100.4") -> Client:
    return Client(headers=BROWSER | {"user-agent": agent, "x-real-ip": ip})


def test_the_first_sign_in_and_one_from_the_same_browser_are_no_news(vera: User) -> None:
    here = browser()
    sign_in(here, vera)
    here.post("/accounts/logout/")
    sign_in(here, vera)
    assert not mail.outbox


def test_a_forged_or_foreign_mark_makes_no_browser_known(vera: User, marina: User) -> None:
    hers, his = browser(), browser()
    sign_in(hers, marina)
    sign_in(browser(), vera)
    for mark in ("", "x", "WyJ4Il0:x", hers.cookies[settings.KNOWN_COOKIE].value):
        mail.outbox.clear()
        his.cookies[settings.KNOWN_COOKIE] = mark
        sign_in(his, vera)
        his.post("/accounts/logout/")
        assert len(mail.outbox) == 1, mark


def test_a_sign_in_from_a_new_browser_is_told(vera: User) -> None:
    sign_in(browser(), vera)
    sign_in(browser(ip="198.51.100.99"), vera)
    (letter,) = mail.outbox
    assert letter.to == [vera.email]
    text = str(letter.body)
    assert "Chrome on macOS" in text
    assert "198.51.100.99" in text
    assert f"({settings.TIME_ZONE})" in text
    assert "http://localhost:8080/accounts/sessions/" in text
    assert "choose a new password" in text


def test_two_people_at_one_browser_are_both_known(vera: User, marina: User) -> None:
    desk = browser()
    for person in (vera, marina, vera, marina):
        sign_in(desk, person)
        desk.post("/accounts/logout/")
    assert not mail.outbox


def test_the_mark_is_out_of_reach_of_scripts_and_says_nothing_about_who(vera: User) -> None:
    here = browser()
    sign_in(here, vera)
    cookie = here.cookies[settings.KNOWN_COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert str(vera.pk) not in cookie.value
    assert vera.pk.hex not in cookie.value


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on macOS"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130 Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) CriOS/138.0 Safari/604.1",
            "Chrome on iPad",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/138.0 Safari/537.36 OPR/120", "Opera on ChromeOS"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("", "Unknown program"),
        ("https://evil.example/ call +1 555 now", "https"),
        ("\x1b[31m<script>", "Unknown program"),
        ("x" * 500, "x" * 31),
    ],
)
def test_browsers_and_programs_have_short_names(agent: str, words: str) -> None:
    assert describe(agent) == words
