"""Making, seeing and revoking personal tokens, on their pages."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.programs.models import (
    FORM,
    MAX_LIVING,
    PersonalToken,
    digest_of,
    is_well_formed,
    new_secret,
)
from tests.identity.conftest import BROWSER
from tests.identity.personal_token import NEW, TOKENS, enter, make_token

PRINTER = {"name": "Label printer", "scope": "read", "days": "30"}


def shown_secret(page: bytes) -> str | None:
    found = FORM.search(page.decode())
    return found and found.group()


def test_nobody_sees_the_pages_signed_out(client: Client, vera: User) -> None:
    for path in (TOKENS, NEW, f"{TOKENS}{make_token(vera, new_secret()).pk}/revocation/"):
        assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_who_has_not_just_proved_who_they_are_makes_no_token(client: Client, vera: User) -> None:
    client.force_login(vera)
    answer = client.post(NEW, PRINTER)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not PersonalToken.objects.exists()


def test_there_is_no_token_of_which_its_owner_is_not_told(client: Client, vera: User) -> None:
    enter(client, vera)
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    nowhere = {"BACKEND": smtp, "OPTIONS": {"host": "127.0.0.1", "port": 9}}
    with override_settings(MAILERS={"default": nowhere}):
        answer = client.post(NEW, PRINTER)
    assert answer.status_code == 422
    assert f"The mail to {vera.email} could not be sent" in answer.content.decode()
    assert not PersonalToken.objects.exists()


@override_settings(SECOND_FACTOR_ROLES=frozenset({"viewer"}))
def test_without_the_second_factor_of_the_role_there_is_no_token(
    client: Client, vera: User
) -> None:
    enter(client, vera)
    assert client.post(NEW, PRINTER).headers["Location"].startswith("/accounts/2fa/")
    TOTP.activate(vera, "JBSWY3DPEHPK3PXP")
    assert client.post(NEW, PRINTER).status_code == 302
    assert not PersonalToken.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 101, "at most 100 characters"),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("name", "a\nb", "Write the name on one line."),
        ("scope", "", "This field is required."),
        ("scope", "read manage", "Select a valid choice."),
        ("scope", "read move", "Select a valid choice."),  # beyond a viewer's role
        ("days", "3650", "Select a valid choice."),
        ("days", "x", "Select a valid choice."),
    ],
)
def test_bad_input_gets_a_sentence_at_the_field_and_makes_nothing(
    client: Client, vera: User, field: str, value: str, sentence: str
) -> None:
    enter(client, vera)
    answer = client.post(NEW, {**PRINTER, field: value})
    assert answer.status_code == 422
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert not PersonalToken.objects.exists()


def test_a_name_is_given_once_until_its_token_is_revoked(client: Client, vera: User) -> None:
    first = make_token(vera, new_secret())
    enter(client, vera)
    assert client.post(NEW, PRINTER).status_code == 422
    with pytest.raises(IntegrityError, match="personal_token_name_is_free"), transaction.atomic():
        make_token(vera, new_secret())
    first.revoke()
    assert client.post(NEW, PRINTER).status_code == 302


def test_there_are_not_more_than_one_can_keep_an_eye_on(client: Client, vera: User) -> None:
    for number in range(MAX_LIVING):
        make_token(vera, new_secret(), name=f"Printer {number}")
    enter(client, vera)
    answer = client.post(NEW, PRINTER)
    assert "You have 20 tokens." in " ".join(answer.context["form"].non_field_errors())
    PersonalToken.objects.filter(name="Printer 7").revoke()
    assert client.post(NEW, PRINTER).status_code == 302


def test_the_secret_is_shown_once_and_stored_nowhere(client: Client, vera: User) -> None:
    enter(client, vera)
    made = client.post(NEW, PRINTER)
    assert made.headers["Location"] == TOKENS
    stored = PersonalToken.objects.get()
    assert FORM.search(str(dict(client.session.items()))) is None
    page = client.get(TOKENS)
    secret = shown_secret(page.content) or ""
    assert is_well_formed(secret)
    assert stored.digest == digest_of(secret)
    assert "no-store" in page.headers["Cache-Control"]
    assert shown_secret(client.get(TOKENS).content) is None


def test_a_second_click_does_not_take_the_first_ones_secret_away(
    client: Client, vera: User
) -> None:
    enter(client, vera)
    client.post(NEW, PRINTER)
    assert client.post(NEW, PRINTER).status_code == 422
    secret = shown_secret(client.get(TOKENS).content)
    assert PersonalToken.objects.get().digest == digest_of(secret or "")


def test_its_owner_is_told_by_mail_without_the_secret(client: Client, vera: User) -> None:
    enter(client, vera)
    client.post(NEW, PRINTER)
    told = mail.outbox[-1]
    assert (told.to, told.subject) == (["vera@example.com"], "New TechStock token: Label printer")
    for part in ("It may: Read.", "203.0.113.7", "http://localhost:8080/accounts/tokens/"):
        assert part in str(told.body)
    assert FORM.search(str(told.body)) is None


@pytest.mark.parametrize(
    ("role", "number"), [("viewer", 1), ("operator", 2), ("manager", 3), ("admin", 3)]
)
def test_only_what_the_role_includes_is_offered(
    client: Client, vera: User, role: str, number: int
) -> None:
    User.objects.filter(pk=vera.pk).update(role=role)
    enter(client, vera)
    page = client.get(NEW).content.decode()
    assert (
        re.findall(r'<option value="(read[^"]*)"', page)
        == ["read", "read move", "read move manage"][:number]
    )


def test_a_browser_needs_a_csrf_token_to_make_one(vera: User) -> None:
    browser = Client(headers=BROWSER, enforce_csrf_checks=True)
    browser.force_login(vera)
    assert browser.post(NEW, PRINTER).status_code == 403
