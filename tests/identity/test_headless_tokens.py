"""How long what a program got at sign-in is good."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from identity_site.tokens.access_token import verified_claims
from identity_site.tokens.models import LogoutNotice
from identity_site.tokens.session_limits import STARTED, USED
from tests.identity.conftest import PASSWORD
from tests.identity.program import call, meta, refresh, sign_in_program


def age(session_key: str, **times: int) -> None:
    """Move the moments at which a session began or was used into the past."""
    session = SessionStore(session_key)
    for name, seconds in times.items():
        session[name] -= seconds
    session.save()


@pytest.mark.parametrize("token", ["", "x", None, 7, [], {}, "x" * 40, "ä" * 32, "x" * 4000])
def test_rubbish_refreshes_nothing(client: Client, token: Any) -> None:
    answer = refresh(client, token)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["param"] == "refresh_token"


def test_an_access_token_refreshes_nothing(client: Client, vera: User) -> None:
    assert refresh(client, sign_in_program(client, vera)["access_token"]).status_code == 400


def test_half_a_sign_up_refreshes_nothing(client: Client) -> None:
    ana = {"name": "Ana", "email": "ana@example.com", "password": PASSWORD}
    begun = call(client, "post", "auth/signup", ana)
    assert refresh(client, meta(begun)["session_token"]).status_code == 400


def test_after_signing_out_nothing_is_refreshed(client: Client, vera: User) -> None:
    session = sign_in_program(client, vera)["session_token"]
    call(client, "delete", "auth/session", session=session)
    assert refresh(client, session).status_code == 400
    assert LogoutNotice.objects.exclude(sid="").exists()


def test_a_new_password_ends_what_programs_have(client: Client, vera: User) -> None:
    session = sign_in_program(client, vera)["session_token"]
    vera.set_password("another passphrase")
    vera.save()
    assert refresh(client, session).status_code == 400


def test_somebody_deactivated_gets_no_token(client: Client, vera: User) -> None:
    session = sign_in_program(client, vera)["session_token"]
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert refresh(client, session).status_code == 400


@pytest.mark.parametrize(
    "times",
    [{USED: settings.SESSION_IDLE_SECONDS}, {STARTED: settings.SESSION_TOTAL_SECONDS}],
)
def test_a_session_beyond_its_limits_ends(
    client: Client, vera: User, times: dict[str, int]
) -> None:
    session = sign_in_program(client, vera)["session_token"]
    age(session, **times)
    assert call(client, "get", "auth/session", session=session).status_code == 410
    assert refresh(client, session).status_code == 400
    assert not Session.objects.exists()


def test_using_a_session_keeps_it_alive(client: Client, vera: User) -> None:
    session = sign_in_program(client, vera)["session_token"]
    for _ in range(2):
        age(session, **{USED: settings.SESSION_IDLE_SECONDS - 60})
        assert refresh(client, session).status_code == 200


def test_a_code_by_mail_signs_in(client: Client, vera: User) -> None:
    asked = call(client, "post", "auth/code/request", {"email": vera.email})
    session = meta(asked)["session_token"]
    assert "access_token" not in asked.content.decode()
    wrong = call(client, "post", "auth/code/confirm", {"code": "BBBB-BBBB"}, session=session)
    assert wrong.status_code == 400
    sent = next(line for line in str(mail.outbox[-1].body).splitlines() if "-" in line.strip()[3:6])
    done = call(client, "post", "auth/code/confirm", {"code": sent.strip()}, session=session)
    assert verified_claims(meta(done)["access_token"])


def test_a_refreshed_token_is_of_the_same_session(client: Client, vera: User) -> None:
    found = sign_in_program(client, vera)
    answer = refresh(client, found["refresh_token"])
    assert set(answer.json()["data"]) == {"access_token", "token_type", "expires_in"}
    first = verified_claims(found["access_token"])
    second = verified_claims(answer.json()["data"]["access_token"])
    assert first is not None
    assert second is not None
    assert (first["sid"], first["sub"]) == (second["sid"], second["sub"])
    assert first["jti"] != second["jti"]
    assert found["session_token"] not in str(first)
