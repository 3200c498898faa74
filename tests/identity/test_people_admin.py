"""The admin: people and roles, for administrators only."""

import pytest
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role

PEOPLE = "/accounts/admin/accounts/user/"


def page_of(user: User) -> str:
    return f"{PEOPLE}{user.pk}/change/"


def change(client: Client, user: User, **changes: str) -> str:
    """Send the form about `user` with `changes`; return the page that comes back."""
    form = {"name": user.name, "language": "", "role": user.role, "is_active": "on"} | changes
    form = {field: value for field, value in form.items() if value != "off"}
    answer = client.post(page_of(user), form)
    user.refresh_from_db()
    return answer.content.decode()


def test_somebody_signed_out_is_sent_to_the_sign_in_page(client: Client) -> None:
    answer = client.get(PEOPLE, follow=True)
    assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={PEOPLE}"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.MANAGER])
def test_only_administrators_get_in(client: Client, vera: User, role: Role) -> None:
    User.objects.filter(pk=vera.pk).update(role=role)
    client.force_login(vera)
    for path in ("/accounts/admin/", PEOPLE, page_of(vera)):
        answer = client.get(path, follow=True)
        assert answer.status_code == 403
        assert "You may not do that" in answer.content.decode()
    client.post(page_of(vera), {"name": "Vera", "role": "admin", "is_active": "on"})
    vera.refresh_from_db()
    assert vera.role == role


def test_there_is_no_way_to_add_or_delete_anybody(client: Client, amara: User, vera: User) -> None:
    client.force_login(amara)
    assert client.get(f"{PEOPLE}add/").status_code == 403
    assert client.post(f"{PEOPLE}{vera.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [str(vera.pk)], "post": "yes"}
    client.post(PEOPLE, action)
    assert User.objects.filter(pk=vera.pk).exists()


@pytest.mark.parametrize(
    "changes", [{"role": "owner"}, {"name": ""}, {"name": "a\x00b"}, {"language": "fr"}]
)
def test_bad_input_gets_a_sentence(
    client: Client, amara: User, vera: User, changes: dict[str, str]
) -> None:
    client.force_login(amara)
    assert "Please correct the error below." in change(client, vera, **changes)


@pytest.mark.parametrize("query", ["q=%00", "role__exact=%00", "p=x", "o=99", "_facets=1", "e=1"])
def test_odd_addresses_are_no_server_error(client: Client, amara: User, query: str) -> None:
    client.force_login(amara)
    assert client.get(f"{PEOPLE}?{query}").status_code in {200, 302, 400}


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
def test_somebody_who_does_not_exist_is_no_server_error(
    client: Client, amara: User, key: str
) -> None:
    client.force_login(amara)
    assert client.get(f"{PEOPLE}{key}/change/").status_code in {302, 404}


def test_the_address_is_not_the_administrators_to_change(
    client: Client, amara: User, vera: User
) -> None:
    client.force_login(amara)
    change(client, vera, email="x@example.com")
    assert vera.email == "vera@example.com"


def test_no_password_hash_and_no_groups_are_shown(client: Client, amara: User, vera: User) -> None:
    client.force_login(amara)
    page = client.get(page_of(vera)).content.decode()
    assert "argon2" not in page
    assert "permission" not in page.lower()


def test_a_role_is_given_and_remembered_in_the_history(
    client: Client, amara: User, vera: User
) -> None:
    client.force_login(amara)
    change(client, vera, role="operator")
    assert vera.role == Role.OPERATOR
    history = client.get(f"{PEOPLE}{vera.pk}/history/").content.decode()
    assert "Changed Role." in history


def test_people_are_found_by_name_and_address(client: Client, amara: User, vera: User) -> None:
    client.force_login(amara)
    assert client.get("/accounts/admin/").headers["Location"] == PEOPLE
    for query in ("q=novak", "q=vera@", "role__exact=viewer&is_active__exact=1"):
        page = client.get(f"{PEOPLE}?{query}").content.decode()
        assert "vera@example.com" in page
        assert "marina@example.com" not in page


def test_its_other_doors_are_those_of_the_site(client: Client, amara: User) -> None:
    client.force_login(amara)
    leaving = client.post("/accounts/admin/logout/")
    assert leaving.headers["Location"] == "/accounts/logout/"
    password = client.get("/accounts/admin/password_change/")
    assert password.headers["Location"] == "/accounts/password/change/"
    assert settings.ACCESS_COOKIE in client.cookies
