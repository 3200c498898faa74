"""The admin: people and roles, for administrators only, who prove that it is they."""

import pytest
from django.conf import settings
from django.test import Client

from identity_site.accounts.models import PersonChange, User
from identity_site.accounts.roles import Role
from tests.identity.conftest import PASSWORD

PEOPLE = "/accounts/admin/accounts/user/"
HISTORY = "/accounts/admin/accounts/personchange/"


def page_of(user: User) -> str:
    return f"{PEOPLE}{user.pk}/change/"


def enter(client: Client, administrator: User) -> None:
    """Sign in and prove once more that it is they, as every change demands."""
    client.force_login(administrator)
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


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
    for path in ("/accounts/admin/", PEOPLE, page_of(vera), f"{PEOPLE}add/", HISTORY):
        answer = client.get(path, follow=True)
        assert answer.status_code == 403
        assert "You may not do that" in answer.content.decode()
    act = {"action": "give_role", "_selected_action": str(vera.pk), "confirmed": "yes"}
    for path, form in ((page_of(vera), {"name": "Vera", "is_active": "on"}), (PEOPLE, act)):
        client.post(path, form | {"role": "admin"})
    vera.refresh_from_db()
    assert vera.role == role


def test_nobody_is_ever_deleted(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    assert client.post(f"{PEOPLE}{vera.pk}/delete/", {"post": "yes"}).status_code == 404
    action = {"action": "delete_selected", "_selected_action": [str(vera.pk)], "post": "yes"}
    client.post(PEOPLE, action)
    assert User.objects.filter(pk=vera.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "owner"}, "owner is not one of the available choices"),
        ({"name": ""}, "This field is required"),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"language": "fr"}, "fr is not one of the available choices"),
    ],
)
def test_bad_input_gets_a_sentence(
    client: Client, amara: User, vera: User, changes: dict[str, str], sentence: str
) -> None:
    enter(client, amara)
    assert sentence in change(client, vera, **changes)


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
def test_somebody_who_does_not_exist_is_no_server_error(
    client: Client, amara: User, key: str
) -> None:
    enter(client, amara)
    assert client.get(f"{PEOPLE}{key}/change/").status_code in {302, 404}


def test_the_address_is_not_the_administrators_to_change(
    client: Client, amara: User, vera: User
) -> None:
    enter(client, amara)
    change(client, vera, email="x@example.com")
    assert vera.email == "vera@example.com"


def test_no_password_hash_and_no_groups_are_shown(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    page = client.get(page_of(vera)).content.decode()
    assert "argon2" not in page
    assert "permission" not in page.lower()


def test_a_role_is_given_and_remembered_in_the_history(
    client: Client, amara: User, vera: User
) -> None:
    enter(client, amara)
    change(client, vera, role="operator")
    assert vera.role == Role.OPERATOR
    assert PersonChange.objects.filter(person=vera)[0].changed_by == amara
    for path in (page_of(vera), f"{HISTORY}?q=novak"):
        assert "Role changed from Viewer to Operator" in client.get(path).content.decode()


def test_its_other_doors_are_those_of_the_site(client: Client, amara: User) -> None:
    enter(client, amara)
    leaving = client.post("/accounts/admin/logout/")
    assert leaving.headers["Location"] == "/accounts/logout/"
    password = client.get("/accounts/admin/password_change/")
    assert password.headers["Location"] == "/accounts/password/change/"
    assert settings.ACCESS_COOKIE in client.cookies


def test_the_history_is_only_read(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    line = PersonChange.objects.filter(person=vera)[0]
    for page in (f"{line.pk}/change/", f"{line.pk}/delete/", "add/"):
        assert client.post(f"{HISTORY}{page}", {"what": "erased"}).status_code == 404
