"""Signing up: a name, an address that is proved to be theirs, a password."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, last_code

SIGN_UP = "/accounts/signup/"
CODE = "/accounts/confirm-email/"
ANA = {"name": "Ana Lima", "email": "Ana@Example.com", "password1": PASSWORD}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", "   ", "This field is required."),
        ("name", "x" * 101, "at most 100 characters"),
        ("name", "Ana\x00Lima", "Null characters are not allowed."),
        ("name", "Ana\nLima", "Write the name on one line."),
        ("email", "", "This field is required."),
        ("email", "ana", "Enter a valid email address."),
        ("email", "ana\x00@example.com", "Null characters are not allowed."),
        ("email", "a" * 250 + "@example.com", "at most 254 characters"),
        ("password1", "", "This field is required."),
        ("password1", "short", "at least 10 characters"),
        ("password1", "qwertyuiop", "This password is too common."),
        ("password1", "ana@example", "too similar to the e-mail"),
        ("password1", "ana lima ana", "too similar to the name"),
        ("password1", "long enough\x00", "Null characters are not allowed."),
    ],
)
def test_bad_input_gets_a_sentence_at_the_field_and_makes_nobody(
    client: Client, field: str, value: str, sentence: str
) -> None:
    answer = client.post(SIGN_UP, {**ANA, field: value})
    assert answer.status_code == 200
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_wrong_code_lets_nobody_in(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    answer = client.post(CODE, {"code": "BBBB-BBBB"})
    assert "That is not the code." in answer.content.decode()
    assert settings.ACCESS_COOKIE not in client.cookies
    assert not EmailAddress.objects.get().verified


def test_after_three_wrong_codes_even_the_right_one_does_not_help(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    for _ in range(3):
        client.post(CODE, {"code": "BBBB-BBBB"})
    client.post(CODE, {"code": last_code()})
    assert not EmailAddress.objects.get().verified
    assert settings.ACCESS_COOKIE not in client.cookies


def test_without_a_verified_address_every_page_is_closed(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    answer = client.get("/accounts/profile/")
    assert answer.headers["Location"] == "/accounts/login/?next=/accounts/profile/"


def test_the_password_alone_does_not_replace_the_verified_address(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    other_browser = Client(headers=BROWSER)
    other_browser.post("/accounts/login/", {"login": ANA["email"], "password": PASSWORD})
    assert settings.ACCESS_COOKIE not in other_browser.cookies


def test_signing_up_with_a_known_address_looks_the_same_and_changes_nothing(
    client: Client, vera: User
) -> None:
    known = client.post(SIGN_UP, {**ANA, "email": "VERA@example.com"})
    unknown = Client(headers=BROWSER).post(SIGN_UP, ANA)
    assert (known.status_code, known.headers["Location"]) == (302, CODE)
    assert (unknown.status_code, unknown.headers["Location"]) == (302, CODE)
    vera.refresh_from_db()
    assert vera.name == "Vera Novak"
    assert vera.check_password(PASSWORD)
    assert mail.outbox[0].subject == "You have a TechStock account already"


def test_the_right_code_signs_the_new_person_in(client: Client) -> None:
    client.post(f"{SIGN_UP}?next=/products/", {**ANA, "next": "/products/"})
    assert mail.outbox[0].to == ["ana@example.com"]
    assert mail.outbox[0].subject == "Your TechStock code"
    answer = client.post(CODE, {"code": last_code()})
    assert answer.headers["Location"] == "/products/"
    assert client.cookies[settings.ACCESS_COOKIE].value
    ana = User.objects.get()
    assert (ana.email, ana.name, ana.role, ana.language) == (
        "ana@example.com",
        "Ana Lima",
        settings.SIGNUP_ROLE,
        "en",
    )


def test_a_form_sent_twice_makes_one_person_and_the_newest_code_is_good(client: Client) -> None:
    Client(headers=BROWSER).post(SIGN_UP, ANA)
    client.post(SIGN_UP, ANA)
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == "/"
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_with_another_password_an_unfinished_account_is_not_taken_over(client: Client) -> None:
    Client(headers=BROWSER).post(SIGN_UP, ANA)
    client.post(SIGN_UP, {**ANA, "password1": "another passphrase"})
    assert mail.outbox[-1].subject == "You have a TechStock account already"
    assert User.objects.get().check_password(PASSWORD)


def test_the_code_may_be_typed_carelessly(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    client.post(CODE, {"code": f" {last_code().lower().replace('-', ' ')} "})
    assert EmailAddress.objects.get().verified


def test_a_new_code_can_be_had_twice_and_each_replaces_the_one_before(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    old = last_code()
    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"action": "resend"})
    assert len(mail.outbox) == 3
    client.post(CODE, {"code": old})
    assert not EmailAddress.objects.get().verified
    client.post(CODE, {"code": last_code()})
    assert EmailAddress.objects.get().verified


def test_nothing_that_was_said_on_the_way_in_is_said_again_later(client: Client) -> None:
    client.post(SIGN_UP, ANA)
    client.get(CODE)
    client.post(CODE, {"code": last_code()})
    assert not list(client.get("/accounts/profile/").context["messages"])


def test_a_person_who_signs_up_in_portuguese_is_remembered_so(client: Client) -> None:
    client.post(SIGN_UP, ANA, headers={"accept-language": "pt-BR"})
    assert mail.outbox[0].subject == "Seu código do TechStock"
    assert User.objects.get().language == "pt-br"
