"""Erasure on request: only when asked for in earnest, and for ever."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from identity_site.accounts import invitations, people
from identity_site.accounts.erasure import erase
from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import make_person
from tests.identity.test_people_admin import PEOPLE, enter, page_of


def test_the_address_must_be_typed(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    form = {"CHANGE_FORM-action": "erase", "_selected_action": str(vera.pk), "confirmed": "yes"}
    for typed in ("", "vera", "amara@example.com"):
        assert client.post(page_of(vera), form | {"email": typed}).status_code == 422
    client.post(PEOPLE, form | {"action": "erase", "email": vera.email})  # not from the list
    vera.refresh_from_db()
    assert vera.erased_at is None


def test_nobody_erases_themself(amara: User) -> None:
    make_person("second@example.com", "Second Admin", Role.ADMIN)
    with pytest.raises(ValidationError, match="Another administrator must erase you"):
        erase(amara, by=amara)


@pytest.mark.parametrize(
    "changes", [{"is_active": True}, {"name": "Vera"}, {"erased_at": None}, {"role": "admin"}]
)
def test_the_database_lets_nobody_come_back(
    amara: User, vera: User, changes: dict[str, object]
) -> None:
    erase(vera, by=amara)
    with pytest.raises(IntegrityError, match="stays erased"), transaction.atomic():
        User.objects.filter(pk=vera.pk).update(**changes)


def test_no_act_brings_somebody_back(client: Client, amara: User, vera: User) -> None:
    erase(vera, by=amara)
    vera.refresh_from_db()
    for role, active in ((None, True), (Role.ADMIN, None)):
        with pytest.raises(ValidationError, match="cannot come back"):
            people.change(vera, role=role, active=active, by=amara)
    with pytest.raises(ValidationError, match="has begun"):
        invitations.invite_again(vera, by=amara)
    with pytest.raises(ValidationError, match="erased already"):
        erase(vera, by=amara)
    enter(client, amara)
    assert client.post(page_of(vera), {"name": "Vera", "role": "viewer"}).status_code == 403


def test_the_log_of_the_admin_is_scrubbed_of_nobody_else(amara: User, vera: User) -> None:
    LogEntry.objects.create(
        user=amara, object_id=str(vera.pk), object_repr="Vera Novak", action_flag=2
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT scrub_admin_log(%s)", [vera.pk])
    assert LogEntry.objects.get().object_repr == "Vera Novak"


def test_the_list_shows_whoever_was_erased_only_when_asked(
    client: Client, amara: User, vera: User
) -> None:
    erase(vera, by=amara)
    client.force_login(amara)
    assert "Former colleague" not in client.get(PEOPLE).content.decode()
    assert "Former colleague" in client.get(f"{PEOPLE}?state=erased").content.decode()
    page = client.get(page_of(vera))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()


def test_the_address_is_free_again(amara: User, vera: User) -> None:
    erase(vera, by=amara)
    again = make_person("vera@example.com", "Vera Novak")
    assert again.pk != vera.pk
