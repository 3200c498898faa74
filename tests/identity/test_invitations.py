"""Invitations: from the mail to being signed in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from identity_site.accounts import invitations
from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import BROWSER, PASSWORD, sign_in


def invite(by: User, email: str = "ana@example.com", language: str = "en") -> User:
    return invitations.invite(
        name="Ana Lima", email=email, role=Role.OPERATOR, language=language, by=by
    )


def mailed_link() -> str:
    """Read the path of the link from the newest mail."""
    found = re.search(r"^http://localhost:8080(/\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group(1)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "This field is required"),
        ("short", "at least 10 characters"),
        ("qwertyuiop", "too common"),
        ("analima99", "at least 10 characters"),
        ("Ana Lima 1", "too similar to the name"),
        ("a\x00" * 9, "Null characters"),
    ],
)
def test_the_first_password_follows_the_rules_of_every_other(
    client: Client, amara: User, password: str, sentence: str
) -> None:
    invite(amara)
    answer = client.post(mailed_link(), {"password1": password})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert client.get(mailed_link()).status_code == 200


@pytest.mark.parametrize("email", ["vera@example.com", "VERA@example.com "])
def test_an_address_that_is_taken_is_refused(amara: User, vera: User, email: str) -> None:
    with pytest.raises(ValidationError, match="an account with this address"):
        invite(amara, email)
    assert mail.outbox == []


def test_whoever_has_begun_is_not_invited_again(amara: User, vera: User) -> None:
    for act in (invitations.invite_again, invitations.withdraw):
        with pytest.raises(ValidationError, match="has begun already"):
            act(vera, by=amara)


def test_nobody_is_made_when_the_mail_cannot_be_sent(
    amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(ValidationError, match="could not be sent"):
        invite(amara)
    assert not User.objects.filter(email="ana@example.com").exists()


def test_the_mail_leads_in_with_the_role_that_was_given(client: Client, amara: User) -> None:
    ana = invite(amara)
    [message] = mail.outbox
    assert message.to == ["ana@example.com"]
    assert message.subject == "Amara Okafor invites you to TechStock"
    for words in ("Hello Ana Lima,", "choose a password", "7 days", "Operator"):
        assert words in message.body
    assert "Welcome, Ana Lima" in client.get(mailed_link()).content.decode()
    answer = client.post(mailed_link(), {"password1": PASSWORD})
    assert answer.headers["Location"] == "/"
    profile = client.get("/accounts/profile/")
    assert profile.status_code == 200
    assert "Operator" in profile.content.decode()
    assert EmailAddress.objects.get(user=ana).verified
    sign_in(Client(headers=BROWSER), ana)


def test_it_replaces_whoever_else_is_signed_in_at_that_browser(
    client: Client, amara: User, vera: User
) -> None:
    invite(amara)
    sign_in(client, vera)
    client.post(mailed_link(), {"password1": PASSWORD})
    assert "ana@example.com" in client.get("/accounts/profile/").content.decode()


def test_outsiders_learn_nothing_about_the_address(client: Client, amara: User) -> None:
    """Signing up and in answer as for an address that nobody knows."""
    invite(amara)
    answers = []
    for email in ("ana@example.com", "nobody@example.com"):
        form = {"name": "Ana", "email": email, "login": email, "password1": PASSWORD}
        form["password"] = PASSWORD
        for path in ("/accounts/login/", "/accounts/signup/"):
            browser = Client(headers=BROWSER)
            answer = browser.post(path, form)
            text = answer.content.decode().replace(email, "")
            answers.append((path, answer.status_code, re.sub(r'value="\w{64}"', "", text)))
    assert answers[:2] == answers[2:]
    assert not User.objects.get(email="ana@example.com").has_usable_password()
