"""Changing a password, and choosing a new one with a code."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, last_code, sign_in

CHANGE = "/accounts/password/change/"
RESET = "/accounts/password/reset/"
CODE = "/accounts/password/reset/confirm/"
COMPLETE = "/accounts/password/reset/complete/"
NEW = "quite another passphrase"


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("not it", NEW, NEW, "That is not your current password."),
        (PASSWORD, NEW, "something else", "The two passwords differ."),
        (PASSWORD, "short", "short", "at least 10 characters"),
        (PASSWORD, "vera novak1", "vera novak1", "too similar to the name"),
        (PASSWORD, f"{NEW}\x00", f"{NEW}\x00", "Null characters are not allowed."),
    ],
)
def test_a_bad_change_gets_a_sentence_and_changes_nothing(
    client: Client, vera: User, old: str, new: str, again: str, sentence: str
) -> None:
    client.force_login(vera)
    form = {"oldpassword": old, "password1": new, "password2": again}
    assert sentence in client.post(CHANGE, form).content.decode()
    vera.refresh_from_db()
    assert vera.check_password(PASSWORD)


def test_a_change_keeps_this_browser_in_and_puts_every_other_out(
    client: Client, vera: User
) -> None:
    other = Client(headers=BROWSER)
    sign_in(other, vera)
    sign_in(client, vera)
    before = client.cookies[settings.ACCESS_COOKIE].value
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = client.post(CHANGE, form, follow=True)
    assert answer.redirect_chain == [("/accounts/profile/", 302)]
    assert "Your password is changed." in answer.content.decode()
    assert client.cookies[settings.ACCESS_COOKIE].value not in ("", before)
    assert other.get("/accounts/profile/").status_code == 302
    assert other.cookies[settings.ACCESS_COOKIE].value == ""
    assert mail.outbox[-1].subject == "Your TechStock password was changed"
    assert BROWSER["x-real-ip"] in str(mail.outbox[-1].body)


def test_a_code_for_an_unknown_address_is_asked_for_with_the_same_page(
    client: Client, vera: User
) -> None:
    pages = []
    for address in (vera.email, "ghost@example.com"):
        browser = Client(headers=BROWSER)
        answer = browser.post(RESET, {"email": address})
        assert (answer.status_code, answer.headers["Location"]) == (302, CODE)
        page = browser.get(CODE)
        text = page.content.decode().replace(str(page.context["csrf_token"]), "")
        pages.append(text.replace(address, ""))
    assert pages[0] == pages[1]
    assert "There is no account with this address." in str(mail.outbox[-1].body)


def test_a_wrong_code_changes_nothing(client: Client, vera: User) -> None:
    client.post(RESET, {"email": vera.email})
    page = client.post(CODE, {"code": "BBBB-BBBB"}).content.decode()
    assert "That is not the code." in page
    client.post(COMPLETE, {"password1": NEW, "password2": NEW})
    vera.refresh_from_db()
    assert vera.check_password(PASSWORD)


def test_a_code_is_of_no_use_in_another_browser(client: Client, vera: User) -> None:
    client.post(RESET, {"email": vera.email})
    other = Client(headers=BROWSER)
    assert other.post(CODE, {"code": last_code()}).headers["Location"] == "/accounts/login/"


def test_somebody_deactivated_gets_no_code(client: Client, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(is_active=False)
    client.post(RESET, {"email": vera.email})
    assert "There is no account with this address." in str(mail.outbox[-1].body)


def test_with_the_code_a_new_password_is_chosen_and_the_person_is_in(
    client: Client, vera: User
) -> None:
    other = Client(headers=BROWSER)
    sign_in(other, vera)
    client.post(RESET, {"email": vera.email.upper()})
    assert mail.outbox[-1].subject == "Your code for a new TechStock password"
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == COMPLETE
    answer = client.post(COMPLETE, {"password1": NEW, "password2": NEW})
    assert answer.headers["Location"] == "/"
    assert client.cookies[settings.ACCESS_COOKIE].value
    vera.refresh_from_db()
    assert vera.check_password(NEW)
    assert other.get("/accounts/profile/").status_code == 302
    assert not list(client.get("/accounts/profile/").context["messages"])
