"""Signing in with a code that comes by mail, in place of the password."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, last_code, sign_in

ASK = "/accounts/login/code/"
CODE = "/accounts/login/code/confirm/"
WRONG = "BBBB-BBBB"


def ask_for_a_code(client: Client, address: str) -> None:
    assert client.post(ASK, {"email": address}).headers["Location"] == CODE


def test_a_wrong_code_lets_nobody_in(client: Client, vera: User) -> None:
    ask_for_a_code(client, vera.email)
    answer = client.post(CODE, {"code": WRONG})
    assert "That is not the code." in answer.content.decode()
    assert settings.ACCESS_COOKIE not in client.cookies


def test_after_three_wrong_codes_even_the_right_one_does_not_help(
    client: Client, vera: User
) -> None:
    ask_for_a_code(client, vera.email)
    for _ in range(3):
        client.post(CODE, {"code": WRONG})
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == ASK
    assert settings.ACCESS_COOKIE not in client.cookies


def test_a_code_is_of_no_use_in_another_browser(client: Client, vera: User) -> None:
    ask_for_a_code(client, vera.email)
    other = Client(headers=BROWSER)
    assert other.post(CODE, {"code": last_code()}).headers["Location"] == ASK


def test_a_code_is_good_for_a_quarter_of_an_hour(client: Client, vera: User) -> None:
    ask_for_a_code(client, vera.email)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] = time.time() - 901
    session.save()
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == ASK


def test_a_used_code_is_good_no_more(client: Client, vera: User) -> None:
    ask_for_a_code(client, vera.email)
    client.post(CODE, {"code": last_code()})
    client.post("/accounts/logout/")
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == ASK


@pytest.mark.parametrize("address", ["", "vera", "vera@example.com\x00", "x" * 400 + "@x.example"])
def test_odd_input_gets_a_page_and_no_mail(client: Client, vera: User, address: str) -> None:
    answer = client.post(ASK, {"email": address})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not mail.outbox


def test_somebody_deactivated_gets_no_code(client: Client, vera: User) -> None:
    User.objects.update(is_active=False)
    ask_for_a_code(client, vera.email)
    assert "There is no account with this address." in str(mail.outbox[-1].body)


def test_the_fourth_mail_within_a_minute_is_refused(client: Client, vera: User) -> None:
    for _ in range(3):
        ask_for_a_code(Client(headers=BROWSER), vera.email)
    answer = client.post(ASK, {"email": vera.email.upper()})
    assert "Too many attempts." in answer.content.decode()
    assert len(mail.outbox) == 3


def test_a_new_code_can_be_had_twice_and_each_replaces_the_one_before(
    client: Client, vera: User
) -> None:
    ask_for_a_code(client, vera.email)
    old = last_code()
    for _ in range(3):
        client.post(CODE, {"action": "resend"})
    assert len(mail.outbox) == 3
    client.post(CODE, {"code": old})
    assert settings.ACCESS_COOKIE not in client.cookies
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == "/"


def test_the_code_signs_in_and_leads_back_to_where_one_was(client: Client, vera: User) -> None:
    client.post(f"{ASK}?next=/products/", {"email": vera.email.upper(), "next": "/products/"})
    assert mail.outbox[-1].to == [vera.email]
    careless = f" {last_code().lower().replace('-', ' ')} "
    answer = client.post(CODE, {"code": careless, "next": "/products/"})
    assert answer.headers["Location"] == "/products/"
    assert client.cookies[settings.ACCESS_COOKIE].value
    assert client.get("/accounts/profile/").status_code == 200


def test_the_pages_lead_to_each_other(client: Client) -> None:
    page = client.get("/accounts/login/?next=/products/").content.decode()
    assert 'href="/accounts/login/code/?next=%2Fproducts%2F"' in page
    page = client.get(f"{ASK}?next=/products/").content.decode()
    assert 'href="/accounts/login/?next=%2Fproducts%2F"' in page


def test_a_password_that_a_stranger_chose_for_somebodys_address_dies(
    client: Client, vera: User
) -> None:
    """Who signs up with another's address knows the password of the account that its owner uses."""
    EmailAddress.objects.update(verified=False)
    ask_for_a_code(client, vera.email)
    client.post(CODE, {"code": last_code()})
    assert client.get("/accounts/profile/").status_code == 200
    assert client.cookies[settings.ACCESS_COOKIE].value
    stranger = Client(headers=BROWSER)
    stranger.post("/accounts/login/", {"login": vera.email, "password": PASSWORD})
    assert settings.ACCESS_COOKIE not in stranger.cookies
    page = client.get("/accounts/profile/").content.decode()
    assert "Choose one" in page
    assert client.get("/accounts/password/change/").headers["Location"] == "/accounts/password/set/"


def test_it_dies_also_when_the_owner_asks_for_a_new_one_and_chooses_none(
    client: Client, vera: User
) -> None:
    EmailAddress.objects.update(verified=False)
    client.post("/accounts/password/reset/", {"email": vera.email})
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    vera.refresh_from_db()
    assert not vera.has_usable_password()


def test_who_proves_their_address_with_the_password_keeps_it(client: Client, vera: User) -> None:
    EmailAddress.objects.update(verified=False)
    client.post("/accounts/login/", {"login": vera.email, "password": PASSWORD})
    client.post("/accounts/confirm-email/", {"code": last_code()})
    client.post("/accounts/logout/")
    sign_in(client, vera)
