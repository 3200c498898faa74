"""Nobody learns whether somebody has an account: the same answers for every address."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, make_person
from tests.identity.factors import give_app

Answer = tuple[int, str | None, str]


def post(client: Client, path: str, **form: str) -> Answer:
    """Post and return what there is to see, without what differs from page to page anyway."""
    return _seen(client.post(path, form))


def get(client: Client, path: str) -> Answer:
    return _seen(client.get(path))


def _seen(answer: Any) -> Answer:
    page = answer.content.decode()
    if answer.context and "csrf_token" in answer.context:
        page = page.replace(str(answer.context["csrf_token"]), "")
    return answer.status_code, answer.get("Location"), page


def password(client: Client, address: str) -> list[Answer]:
    form = {"login": address, "password": "not the password"}
    return [post(client, "/accounts/login/", **form) for _ in range(6)]


def code(client: Client, address: str) -> list[Answer]:
    return [
        post(client, "/accounts/login/code/", email=address),
        get(client, "/accounts/login/code/confirm/"),
        *(post(client, "/accounts/login/code/confirm/", code="BBBB-BBBB") for _ in range(4)),
        get(client, "/accounts/login/"),
        *(post(client, "/accounts/login/code/", email=address) for _ in range(3)),
    ]


def resent_code(client: Client, address: str) -> list[Answer]:
    confirm = "/accounts/login/code/confirm/"
    asked = post(client, "/accounts/login/code/", email=address)
    resent = [post(client, confirm, action="resend"), get(client, confirm)]
    return [asked, *resent, *resent]


def new_password(client: Client, address: str) -> list[Answer]:
    return [
        post(client, "/accounts/password/reset/", email=address),
        get(client, "/accounts/password/reset/confirm/"),
        *(post(client, "/accounts/password/reset/confirm/", code="BBBB-BBBB") for _ in range(4)),
        get(client, "/accounts/login/"),
        *(post(client, "/accounts/password/reset/", email=address) for _ in range(5)),
    ]


def signing_up(client: Client, address: str) -> list[Answer]:
    form = {"name": "Ana Lima", "email": address, "password1": "some other passphrase"}
    return [
        post(client, "/accounts/signup/", **form),
        get(client, "/accounts/confirm-email/"),
        *(post(client, "/accounts/confirm-email/", code="BBBB-BBBB") for _ in range(4)),
    ]


@pytest.fixture
def people(db: None) -> list[str]:
    """The addresses of all kinds of people, as long as that of nobody."""
    make_person("here@example.com", "Here")
    make_person("gone@example.com", "Gone")
    make_person("hazy@example.com", "Hazy")
    make_person("safe@example.com", "Safe")
    give_app(User.objects.get(email="safe@example.com"))
    User.objects.filter(email="gone@example.com").update(is_active=False)
    EmailAddress.objects.filter(email="hazy@example.com").update(verified=False)
    return list(User.objects.values_list("email", flat=True))


@pytest.mark.parametrize("door", [password, code, resent_code, new_password, signing_up])
def test_every_address_gets_the_same_answers(
    people: list[str], door: Callable[[Client, str], list[Answer]]
) -> None:
    def walk(number: int, address: str) -> str:
        # From an IP address of their own: the limit for one is not what is looked at here.
        client = Client(headers=BROWSER | {"x-real-ip": f"203.0.113.{number}"})
        return repr(door(client, address)).replace(address, "")

    nobody = walk(0, "none@example.com")
    assert len(people) == 4
    for number, address in enumerate(people, 1):
        assert walk(number, address) == nobody, address


@pytest.mark.parametrize("door", [code, new_password, signing_up])
def test_every_address_gets_as_many_mails(
    people: list[str], door: Callable[[Client, str], list[Answer]]
) -> None:
    """So that the time an answer takes does not tell either."""
    counts = set()
    for number, address in enumerate([*people, "none@example.com"]):
        before = len(mail.outbox)
        door(Client(headers=BROWSER | {"x-real-ip": f"203.0.113.{number}"}), address)
        counts.add(len(mail.outbox) - before)
    assert len(counts) == 1
    assert counts != {0}
