"""A session ends after so long without use, and after so long in any case."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from identity_site.accounts.models import User
from identity_site.tokens import session_limits
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import sign_in
from tests.identity.tokens import PROFILE, marker_of, read, token_of

HOUR, DAY = 3600, 24 * 3600


def age(client: Client, *, started: int = 0, used: int = 0) -> None:
    """Let a session have begun, and been used last, so many seconds earlier."""
    session = client.session
    session[session_limits.STARTED] -= started
    session[session_limits.USED] -= used
    session.save()


@pytest.mark.parametrize(
    "times", [{"used": 12 * HOUR}, {"started": 7 * DAY}], ids=["idle", "too old"]
)
def test_who_is_over_the_limit_has_to_sign_in(
    client: Client, vera: User, times: dict[str, int]
) -> None:
    sign_in(client, vera)
    age(client, **times)
    key = client.session.session_key
    answer = client.get(PROFILE)
    assert answer.headers["Location"] == f"/accounts/login/?next={PROFILE}"
    assert (token_of(client), marker_of(client)) == ("", "")
    assert not Session.objects.filter(pk=key).exists()


def test_their_tokens_are_void_too(client: Client, vera: User) -> None:
    sign_in(client, vera)
    sid = read(token_of(client))["sid"]
    age(client, started=7 * DAY)
    client.get(PROFILE)
    assert LogoutNotice.objects.filter(sid=sid).count() == 1


def test_the_sign_in_page_asks_again(client: Client, vera: User) -> None:
    sign_in(client, vera)
    age(client, used=12 * HOUR)
    assert client.get("/accounts/login/").status_code == 200


def test_a_session_that_does_not_say_when_it_began_is_over(client: Client, vera: User) -> None:
    sign_in(client, vera)
    session = client.session
    del session[session_limits.STARTED]
    session.save()
    assert client.get(PROFILE).status_code == 302


def test_use_does_not_put_off_the_end(client: Client, vera: User) -> None:
    sign_in(client, vera)
    age(client, started=7 * DAY - HOUR, used=HOUR)
    assert client.get(PROFILE).status_code == 200
    age(client, started=HOUR)
    assert client.get(PROFILE).status_code == 302


def test_use_keeps_a_session_from_being_idle(client: Client, vera: User) -> None:
    sign_in(client, vera)
    for _time in range(3):
        age(client, used=11 * HOUR)
        assert client.get(PROFILE).status_code == 200


def test_use_is_written_once_a_minute(client: Client, vera: User) -> None:
    sign_in(client, vera)
    age(client, used=20)
    before = client.session[session_limits.USED]
    client.get(PROFILE)
    assert client.session[session_limits.USED] == before
    age(client, used=40)
    client.get(PROFILE)
    assert client.session[session_limits.USED] > before


def test_nobodys_session_has_no_limits(client: Client) -> None:
    session = client.session
    session["something"] = "kept"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    client.get("/accounts/login/")
    assert client.session["something"] == "kept"


def test_the_cookie_lasts_as_long_as_the_session_can(client: Client, vera: User) -> None:
    sign_in(client, vera)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 7 * DAY
