"""Signing in and out."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, sign_in

SIGN_IN = "/accounts/login/"


def attempt(client: Client, login: str, password: str) -> tuple[int, str]:
    """Try to sign in; return status and page, without what differs from page to page anyway."""
    answer = client.post(SIGN_IN, {"login": login, "password": password})
    csrf = answer.context["csrf_token"] if answer.context else ""
    return answer.status_code, answer.content.decode().replace(str(csrf), "").replace(login, "")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, vera: User
) -> None:
    known = attempt(client, vera.email, "not her password")
    unknown = attempt(client, "ghost@example.com", "not her password")
    assert known == unknown
    assert known[0] == 200
    assert "E-mail or password is wrong." in known[1]
    assert settings.ACCESS_COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", PASSWORD),
        ("vera@example.com", ""),
        ("vera@example.com\x00", PASSWORD),
        ("vera@example.com", f"{PASSWORD}\x00"),
        ("vera", PASSWORD),
        ("x" * 10_000 + "@example.com", PASSWORD),
        ("vera@example.com", "x" * 10_000),
        ("' OR 1=1 --@example.com", PASSWORD),
    ],
)
def test_odd_input_gets_a_page_and_no_entry(
    client: Client, vera: User, login: str, password: str
) -> None:
    assert attempt(client, login, password)[0] == 200
    assert settings.ACCESS_COOKIE not in client.cookies


def test_a_form_without_its_token_is_refused(vera: User) -> None:
    strict = Client(headers=BROWSER, enforce_csrf_checks=True)
    answer = strict.post(SIGN_IN, {"login": vera.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "This page has grown old" in answer.content.decode()


def test_the_sixth_attempt_on_one_address_is_refused_even_with_the_right_password(
    client: Client, vera: User
) -> None:
    for _ in range(5):
        attempt(client, vera.email, "not her password")
    status, page = attempt(client, vera.email, PASSWORD)
    assert status == 200
    assert "Too many attempts." in page
    assert settings.ACCESS_COOKIE not in client.cookies


def test_a_forged_address_header_does_not_win_more_attempts(client: Client, vera: User) -> None:
    for number in range(10):
        client.post(
            SIGN_IN,
            {"login": f"ghost{number}@example.com", "password": "nothing"},
            headers={"x-forwarded-for": f"198.51.100.{number}"},
        )
    assert "Too many attempts." in attempt(client, "ghost@example.com", "nothing")[1]


def test_somebody_deactivated_cannot_sign_in(client: Client, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(is_active=False)
    answer = client.post(SIGN_IN, {"login": vera.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert settings.ACCESS_COOKIE not in client.cookies


def test_somebody_deactivated_is_out_at_the_next_click(client: Client, vera: User) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert client.get("/accounts/profile/").status_code == 302
    assert not client.cookies[settings.ACCESS_COOKIE].value


def test_the_address_may_be_typed_in_any_case(client: Client, vera: User) -> None:
    answer = client.post(SIGN_IN, {"login": "VERA@Example.COM", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert client.get("/accounts/profile/").status_code == 200


def test_signing_in_is_no_news_and_sends_no_mail(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert not list(client.get("/accounts/profile/").context["messages"])
    assert not mail.outbox


def test_the_language_somebody_chose_follows_them(client: Client, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(language="pt-br")
    sign_in(client, vera)
    assert client.cookies["django_language"].value == "pt-br"


def test_a_get_does_not_sign_out(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/profile/").status_code == 200


def test_signing_out_ends_the_session_and_takes_the_token_back(client: Client, vera: User) -> None:
    sign_in(client, vera)
    answer = client.post("/accounts/logout/")
    assert answer.headers["Location"] == SIGN_IN
    cookie = answer.cookies[settings.ACCESS_COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/")
    assert cookie["secure"]
    assert client.get("/accounts/profile/").status_code == 302
    assert "You are signed out." in client.get(SIGN_IN).content.decode()
