"""Sessions of others: seen by administrators, and ended."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from identity_site.accounts.models import PersonChange, User
from identity_site.accounts.roles import Role
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import BROWSER, make_person, sign_in
from tests.identity.factors import give_app
from tests.identity.test_people_acts import act, newest
from tests.identity.test_people_admin import PEOPLE, change, enter, page_of

FIREFOX = {**BROWSER, "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


@pytest.fixture
def session(vera: User) -> Client:
    browser = Client(headers=FIREFOX)
    sign_in(browser, vera)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/accounts/profile/").status_code == 200


@pytest.mark.parametrize("name", ["deactivate", "sign_out", "give_role"])
def test_nothing_happens_before_the_question_is_answered(
    client: Client, amara: User, vera: User, session: Client, name: str
) -> None:
    enter(client, amara)
    client.post(PEOPLE, {"action": name, "_selected_action": str(vera.pk)})
    assert is_in(session)
    assert PersonChange.objects.filter(person=vera).count() == 1


@pytest.mark.parametrize("by_form", [True, False])
def test_deactivating_ends_every_session_for_good(
    client: Client, amara: User, vera: User, session: Client, by_form: bool
) -> None:
    enter(client, amara)
    if by_form:
        change(client, vera, is_active="off")
    else:
        act(client, "deactivate", vera)
    assert not UserSession.objects.filter(user=vera).exists()
    assert (str(newest(vera)), newest(vera).changed_by) == ("Deactivated", amara)
    act(client, "reactivate", vera)
    assert str(newest(vera)) == "Activated"
    assert not is_in(session)
    assert Session.objects.count() == 1


def test_the_page_shows_where_somebody_is_signed_in_and_ends_it(
    client: Client, amara: User, vera: User, session: Client
) -> None:
    enter(client, amara)
    page = client.get(page_of(vera)).content.decode()
    assert "Firefox on Linux" in page
    assert "203.0.113.7" in page
    LogoutNotice.objects.all().delete()
    act(client, "sign_out", vera, where=page_of(vera))
    assert not is_in(session)
    assert LogoutNotice.objects.filter(sub=vera.pk).exists()
    assert "Not signed in anywhere." in client.get(page_of(vera)).content.decode()
    assert str(newest(vera)) == "Signed out everywhere"


def test_whoever_found_a_lost_phone_is_out_once_the_second_factors_are_removed(
    client: Client, amara: User, vera: User, session: Client
) -> None:
    give_app(vera)
    enter(client, amara)
    assert is_in(session)
    LogoutNotice.objects.all().delete()
    act(client, "remove_second_factors", vera, where=page_of(vera))
    assert not is_in(session)
    assert LogoutNotice.objects.filter(sub=vera.pk).exists()
    assert is_in(client)


def test_administrators_may_end_their_own_sessions(client: Client, amara: User) -> None:
    second = make_person("second@example.com", "Second Admin", Role.ADMIN)
    for name in ("sign_out", "deactivate"):
        sign_in(client, second)
        enter(client, second)
        page = act(client, name, second)
        assert page.redirect_chain[-1][0] == "/accounts/login/"
    assert not second.is_active
