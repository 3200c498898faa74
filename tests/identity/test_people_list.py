"""The list of people: searched, filtered, sorted, and as quick with many as with few."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity_site.accounts.models import User
from tests.identity.conftest import make_person, sign_in
from tests.identity.test_people_admin import PEOPLE, enter


@pytest.mark.parametrize(
    "query", ["q=%00", "role=%00", "p=x", "o=99", "_facets=1", "e=1", "state=x"]
)
def test_odd_addresses_are_no_server_error(client: Client, amara: User, query: str) -> None:
    enter(client, amara)
    assert client.get(f"{PEOPLE}?{query}").status_code in {200, 302, 400}


def test_people_are_found_by_name_and_address(
    client: Client, amara: User, vera: User, marina: User
) -> None:
    enter(client, amara)
    assert client.get("/accounts/admin/").headers["Location"] == PEOPLE
    for query in ("q=novak", "q=vera@", "role=viewer&state=active"):
        page = client.get(f"{PEOPLE}?{query}").content.decode()
        assert "vera@example.com" in page
        assert "marina@example.com" not in page


def test_the_list_asks_no_question_per_person(client: Client, amara: User, vera: User) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PEOPLE).status_code == 200
        return len(queries)

    enter(client, amara)
    few = questions()
    for number in range(20):
        somebody = make_person(f"{number}@example.com", f"Person {number}")
        Authenticator.objects.create(user=somebody, type="totp", data={})
    assert questions() == few


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Amara Okafor", "Marina Ribeiro", "Vera Novak"}),
        ("role=viewer", {"Vera Novak"}),
        ("role=owner", {"Amara Okafor", "Marina Ribeiro", "Vera Novak"}),
        ("state=inactive", {"Marina Ribeiro"}),
        ("state=erased", set()),
        ("factor=yes", {"Vera Novak"}),
        ("factor=no&state=active", {"Amara Okafor"}),
    ],
)
def test_the_menus_narrow_it_down(
    client: Client, amara: User, vera: User, marina: User, query: str, shown: set[str]
) -> None:
    Authenticator.objects.create(user=vera, type="webauthn", data={})
    Authenticator.objects.create(user=marina, type="recovery_codes", data={})
    User.objects.filter(pk=marina.pk).update(is_active=False)
    enter(client, amara)
    page = client.get(f"{PEOPLE}?{query}")
    assert {person.name for person in page.context["cl"].result_list} == shown


def test_whoever_was_seen_last_comes_first_when_asked(
    client: Client, amara: User, vera: User
) -> None:
    sign_in(client, vera)
    enter(client, amara)
    people = list(client.get(f"{PEOPLE}?o=-2").context["cl"].result_list)
    assert people == [amara, vera]
    assert all(person.seen_at >= person.last_login for person in people)
