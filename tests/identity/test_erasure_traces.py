"""After an erasure nothing in the database tells who somebody was; what they did stays."""

from urllib.parse import unquote_plus

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from psycopg import sql

from identity_site.accounts.models import PersonChange, User
from identity_site.accounts.roles import Role
from identity_site.programs.models import PersonalToken, expiry
from identity_site.tokens.models import LogoutNotice
from tests.identity.conftest import BROWSER, make_person, sign_in
from tests.identity.test_people_acts import act
from tests.identity.test_people_admin import PEOPLE, change, enter, page_of

TRACES = ["vera", "novak", "vera novak", "vera@example.com"]
PACKED = {"django_session", "shared_cache"}
"""Looked at unpacked: as they stand they are long texts by chance, and four letters come up."""


def rows_with(trace: str) -> list[str]:
    """Name every table in which a column holds `trace`, also where it is packed or encoded."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for table in {name for (name,) in cursor.fetchall()} - PACKED:
            query = sql.SQL("SELECT count(*) FROM {table} WHERE {table}::text ILIKE %s")
            cursor.execute(query.format(table=sql.Identifier(table)), [f"%{trace}%"])
            found += [table] if cursor.fetchone()[0] else []
        cursor.execute("SELECT decode(value, 'base64') FROM shared_cache")
        contents = [bytes(content).lower() for (content,) in cursor.fetchall()]
    found += ["shared_cache" for content in contents if trace.encode() in content]
    sessions = [str(session.get_decoded()).lower() for session in Session.objects.all()]
    sessions += [unquote_plus(content) for content in sessions]
    return found + ["a session" for content in sessions if trace in content]


def live_a_little(client: Client, amara: User, vera: User) -> Client:
    """Let somebody leave a trace in every table that can hold one; return their browser."""
    browser = Client(headers={**BROWSER, "user-agent": "vera-novak/1.0"})
    sign_in(browser, vera)
    for path, form in [
        ("/accounts/email/", {"action_add": "", "email": "vera@example.com.br"}),
        ("/accounts/password/reset/", {"email": vera.email}),
        ("/accounts/login/", {"login": vera.email, "password": "not hers"}),
    ]:
        Client(headers=BROWSER).post(path, form)
        browser.post(path, form)
    Authenticator.objects.create(user=vera, type="webauthn", data={"name": "Vera's phone"})
    PersonalToken.objects.create(
        owner=vera, name="Vera's script", scope="read", digest="0", expires_at=expiry(1)
    )
    enter(client, amara)
    change(client, vera, role="operator", language="en")
    return browser


def test_no_row_tells_who_it_was(client: Client, amara: User, vera: User) -> None:
    live_a_little(client, amara, vera)
    before = {table for trace in TRACES for table in rows_with(trace)}
    assert before >= {
        "account_emailaddress",
        "accounts_user",
        "django_admin_log",
        "mfa_authenticator",
        "programs_personaltoken",
        "usersessions_usersession",
        "a session",
    }
    act(client, "erase", vera, where=page_of(vera), email=" Vera@Example.com")
    assert [table for trace in TRACES for table in rows_with(trace)] == []
    assert not vera.has_usable_password()
    assert (vera.language, vera.last_login, vera.is_active) == ("", None, False)


def test_what_they_did_stays_and_the_other_site_is_told(
    client: Client, amara: User, vera: User
) -> None:
    browser = live_a_little(client, amara, vera)
    history = list(PersonChange.objects.filter(person=vera).order_by("pk"))
    act(client, "erase", vera, where=page_of(vera), email=vera.email)
    now = list(PersonChange.objects.filter(person=vera).order_by("pk"))
    assert now[: len(history)] == history
    assert {(change.what, change.changed_by) for change in now[len(history) :]} == {
        ("active", amara),
        ("erased", amara),
    }
    assert LogoutNotice.objects.filter(sub=vera.pk, is_erasure=True).exists()
    assert browser.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize("name", ["Vera Novak", "Somebody Else"])
def test_a_form_about_them_that_an_administrator_left_waiting_is_gone(
    client: Client, amara: User, vera: User, name: str
) -> None:
    marina = make_person("marina@example.com", "Marina Ribeiro", Role.ADMIN)
    waiting, other = Client(headers=BROWSER), Client(headers=BROWSER)
    for browser in (waiting, other):
        sign_in(browser, marina)
    form = {"CHANGE_FORM-action": "erase", "confirmed": "yes", "email": vera.email}
    waiting.post(page_of(vera), form | {"name": name})
    other.post(page_of(amara), {"name": "Amara Okafor", "role": "admin"})
    assert STATE_SESSION_KEY in waiting.session
    enter(client, amara)
    act(client, "erase", vera, where=page_of(vera), email=vera.email)
    assert STATE_SESSION_KEY not in waiting.session
    assert STATE_SESSION_KEY in other.session
    assert [table for trace in TRACES for table in rows_with(trace)] == []
    assert waiting.get("/accounts/profile/").status_code == 200


def test_an_invitation_of_them_that_an_administrator_left_waiting_is_gone(
    client: Client, amara: User, vera: User
) -> None:
    waiting = Client(headers=BROWSER)
    sign_in(waiting, amara)
    waiting.post(f"{PEOPLE}add/", {"name": "V.", "email": "Vera@Example.com", "role": "admin"})
    assert "a session" in rows_with(vera.email)
    enter(client, amara)
    act(client, "erase", vera, where=page_of(vera), email=vera.email)
    assert rows_with("vera@example.com") == []
