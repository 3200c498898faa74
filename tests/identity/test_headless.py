"""Signing up, in and out with a program."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from identity_site.tokens.access_token import verified_claims
from tests.identity.conftest import BROWSER, PASSWORD, last_code, sign_in
from tests.identity.program import APP, JSON, call, meta, sign_in_program

ANA = {"name": "Ana Lima", "email": "Ana@Example.com", "password": PASSWORD}
COOKIES = (settings.ACCESS_COOKIE, settings.FRESH_COOKIE, settings.SESSION_COOKIE_NAME)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", None, "This field is required."),
        ("name", "x" * 101, "at most 100 characters"),
        ("name", "Ana\nLima", "Write the name on one line."),
        ("email", "ana", "Enter a valid email address."),
        ("email", "ana\x00@example.com", "Enter a valid email address."),
        ("email", ["ana@example.com"], "Enter a valid email address."),
        ("email", {"a": 1}, "Enter a valid email address."),
        ("password", "", "This field is required."),
        ("password", "short", "at least 10 characters"),
        ("password", "qwertyuiop", "This password is too common."),
        ("password", "ana@example", "too similar to the e-mail"),
        ("password", "ana lima ana", "too similar to the name"),
    ],
)
def test_bad_input_gets_a_sentence_under_its_own_name_and_makes_nobody(
    client: Client, field: str, value: Any, sentence: str
) -> None:
    answer = call(client, "post", "auth/signup", {**ANA, field: value})
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert {error["param"] for error in errors} == {field}
    assert sentence in errors[0]["message"]
    assert not User.objects.exists()


BODIES = [b"{", b"[]", b'"x"', b"\xff", b'{"name": "\\ud800"}', b'{"id": 1e999}', b"[" * 60_000]


@pytest.mark.parametrize("path", ["auth/login", "auth/signup", "tokens/refresh", "auth/session"])
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_sound_json_object_is_refused_in_allauths_form(
    client: Client, path: str, body: bytes
) -> None:
    answer = client.post(f"{APP}/{path}", body, content_type=JSON)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid"


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    answer = call(client, "post", "auth/login", {"email": "x" * 70_000})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, JSON)


def test_a_wrong_code_signs_nobody_in(client: Client) -> None:
    session = meta(call(client, "post", "auth/signup", ANA))["session_token"]
    for _ in range(3):
        answer = call(client, "post", "auth/email/verify", {"key": "BBBB-BBBB"}, session=session)
        assert answer.status_code == 400
    late = call(client, "post", "auth/email/verify", {"key": last_code()}, session=session)
    assert late.status_code == 409
    assert not EmailAddress.objects.get().verified


def test_signing_up_with_a_known_address_looks_the_same(client: Client, vera: User) -> None:
    known = call(client, "post", "auth/signup", {**ANA, "email": vera.email})
    unknown = call(client, "post", "auth/signup", ANA)
    assert known.status_code == unknown.status_code == 401
    answers = [answer.json() for answer in (known, unknown)]
    for answer in answers:
        assert answer["meta"].pop("session_token")
    assert answers[0] == answers[1]
    assert mail.outbox[0].subject == "You have a TechStock account already"


def test_wrong_passwords_count_for_page_and_program_together(client: Client, vera: User) -> None:
    wrong = {"email": vera.email, "password": "not her password"}
    for _ in range(3):
        assert call(client, "post", "auth/login", wrong).status_code == 400
    for _ in range(2):
        client.post("/accounts/login/", {"login": vera.email, "password": "not hers either"})
    locked = call(client, "post", "auth/login", {**wrong, "password": PASSWORD})
    assert locked.status_code == 400
    assert "Too many" in locked.content.decode()


def test_telephones_are_not_served(client: Client, vera: User) -> None:
    session = sign_in_program(client, vera)["session_token"]
    assert call(client, "get", "account/phone", session=session).status_code == 404


def test_signing_up_proving_the_address_and_signing_out(client: Client) -> None:
    begun = call(client, "post", "auth/signup", ANA)
    assert begun.status_code == 401
    assert "access_token" not in meta(begun)
    session = meta(begun)["session_token"]
    done = call(client, "post", "auth/email/verify", {"key": last_code()}, session=session)
    assert done.status_code == 200
    found = meta(done)
    claims = verified_claims(found["access_token"])
    assert claims is not None
    ana = User.objects.get()
    assert (claims["sub"], claims["client_id"]) == (str(ana.pk), "app")
    assert (ana.name, ana.email, ana.role) == ("Ana Lima", "ana@example.com", settings.SIGNUP_ROLE)
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 900)
    session = found["session_token"]
    assert found["refresh_token"] == session
    assert call(client, "get", "auth/session", session=session).status_code == 200
    assert call(client, "delete", "auth/session", session=session).status_code == 401
    assert call(client, "get", "auth/session", session=session).status_code == 410


def test_a_program_needs_no_csrf_token_and_gets_no_cookie(vera: User) -> None:
    User.objects.update(language="pt-br")
    strict = Client(headers=BROWSER, enforce_csrf_checks=True)
    sign_in_program(strict, vera)
    assert not strict.cookies


def test_somebody_elses_cookies_have_no_influence_and_stay_as_they_are(
    client: Client, vera: User, marina: User
) -> None:
    sign_in(client, marina)
    before = {name: client.cookies[name].value for name in COOKIES}
    assert call(client, "get", "auth/session").status_code == 401
    claims = verified_claims(sign_in_program(client, vera)["access_token"])
    assert claims is not None
    assert claims["sub"] == str(vera.pk)
    call(client, "delete", "auth/session")
    assert {name: client.cookies[name].value for name in COOKIES} == before
    assert "Marina Ribeiro" in client.get("/accounts/profile/").content.decode()


def test_sentences_come_in_the_language_that_was_asked_for(client: Client) -> None:
    headers = {"accept-language": "pt-BR"}
    answer = call(client, "post", "auth/signup", {**ANA, "name": ""}, **headers)
    assert "Este campo é obrigatório." in answer.json()["errors"][0]["message"]
