"""The page that shows where somebody is signed in, and ends sessions."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from identity_site.accounts.models import User
from identity_site.tokens.access_token import public_session_id
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import BROWSER, PASSWORD, sign_in
from tests.identity.factors import prove_again

SESSIONS = "/accounts/sessions/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)


def signed_in(user: User, agent: str = DESK) -> Client:
    client = Client(headers=BROWSER | {"user-agent": agent})
    sign_in(client, user)
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def entry(client: Client) -> str:
    return str(UserSession.objects.get(session_key=client.session.session_key).pk)


def notices() -> set[str]:
    return set(LogoutNotice.objects.values_list("sid", flat=True))


def test_nobody_sees_it_signed_out(client: Client) -> None:
    assert client.get(SESSIONS).headers["Location"] == f"/accounts/login/?next={SESSIONS}"
    assert client.post(SESSIONS, {"end": "others"}).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(vera: User, method: str) -> None:
    assert getattr(signed_in(vera), method)(SESSIONS).status_code == 405


@pytest.mark.parametrize("end", ["", "x", "0", "-1", "9" * 30, "others\x00", "own"])
def test_what_is_no_other_session_of_ones_own_is_not_there(
    vera: User, marina: User, end: str
) -> None:
    desk, stranger = signed_in(vera), signed_in(marina)
    prove_again(desk)
    end = entry(desk) if end == "own" else end
    assert desk.post(SESSIONS, {"end": end}).status_code == 404
    assert desk.post(SESSIONS, {"end": entry(stranger)}).status_code == 404
    assert is_in(stranger)


def test_nothing_ends_before_the_password_is_entered_once_more(vera: User) -> None:
    desk, phone = signed_in(vera), signed_in(vera, PHONE)
    asked = desk.post(SESSIONS, {"end": "others"}).headers["Location"]
    assert asked == "/accounts/reauthenticate/?next=%2Faccounts%2Fsessions%2F"
    assert is_in(phone)
    answer = desk.post(asked, {"password": PASSWORD, "next": SESSIONS})
    assert answer.headers["Location"] == SESSIONS
    assert not is_in(phone)


def test_it_shows_browsers_and_times_in_human_words(vera: User) -> None:
    signed_in(vera, PHONE)
    page = signed_in(vera).get(SESSIONS).content.decode()
    assert "Edge on Windows" in page
    assert "Safari on iPhone" in page
    assert "Mozilla" not in page
    assert page.count("this browser") == 1
    assert page.count("203.0.113.7") == 2
    assert "last used now" in page


def test_when_a_session_was_last_used_is_what_its_renewals_say(vera: User) -> None:
    phone = signed_in(vera, PHONE)
    session = phone.session
    session["used_at"] = int(time.time()) - 3 * 3600
    session.save()
    page = signed_in(vera).get(SESSIONS).content.decode()
    assert "last used 3\N{NO-BREAK SPACE}hours ago" in page


def test_a_session_that_is_over_is_not_shown(vera: User) -> None:
    phone = signed_in(vera, PHONE)
    session = phone.session
    session["used_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert "iPhone" not in signed_in(vera).get(SESSIONS).content.decode()


def test_one_session_is_ended_and_its_tokens_with_it(vera: User) -> None:
    desk, phone, other = signed_in(vera), signed_in(vera, PHONE), signed_in(vera, "curl/8.5.0")
    prove_again(desk)
    ended = public_session_id(str(phone.session.session_key))
    answer = desk.post(SESSIONS, {"end": entry(phone)}, follow=True)
    assert "1 session has ended." in answer.content.decode()
    assert not is_in(phone)
    assert not phone.cookies[settings.ACCESS_COOKIE].value
    assert is_in(desk)
    assert is_in(other)
    assert notices() == {ended}


def test_all_others_are_ended_at_once(vera: User, marina: User) -> None:
    desk, stranger = signed_in(vera), signed_in(marina)
    others = [signed_in(vera, PHONE), signed_in(vera)]
    keys = [str(client.session.session_key) for client in others]
    prove_again(desk)
    answer = desk.post(SESSIONS, {"end": "others"}, follow=True)
    assert "2 sessions have ended." in answer.content.decode()
    assert not any(is_in(client) for client in others)
    assert is_in(desk)
    assert is_in(stranger)
    assert notices() == {public_session_id(key) for key in keys}
    assert "Sign out everywhere else" not in desk.get(SESSIONS).content.decode()


def test_a_new_password_ends_every_other_session_and_leaves_no_row(vera: User) -> None:
    desk, phone = signed_in(vera), signed_in(vera, PHONE)
    gone = str(phone.session.session_key)
    new = "quite another passphrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    desk.post("/accounts/password/change/", form)
    assert not Session.objects.filter(pk=gone).exists()
    assert UserSession.objects.get().session_key == desk.session.session_key
    assert public_session_id(gone) in notices()
    assert is_in(desk)
