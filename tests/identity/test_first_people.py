"""The first administrator and the demo people, who come from the command line."""

import io
import os
import subprocess
import sys

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from identity_site.accounts import invitations
from identity_site.accounts.models import Invitation, User
from identity_site.accounts.roles import Role
from tests.identity.conftest import PASSWORD, make_person, sign_in

FIRST = {
    "FIRST_ADMIN_EMAIL": "Chief@Example.com",
    "FIRST_ADMIN_PASSWORD": PASSWORD,
    "FIRST_ADMIN_NAME": "Ada Chief",
}


def run(command: str, monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """Run a command with these variables and no terminal; return what it printed."""
    for name in FIRST:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    output = io.StringIO()
    call_command(command, stdout=output)
    return output.getvalue()


@pytest.mark.parametrize("missing", list(FIRST))
def test_without_a_terminal_the_missing_variable_is_named(
    db: None, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    given = {name: value for name, value in FIRST.items() if name != missing}
    with pytest.raises(CommandError, match=f"set {missing}"):
        run("create_admin", monkeypatch, **given)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"FIRST_ADMIN_EMAIL": "chief"}, "valid email address"),
        ({"FIRST_ADMIN_PASSWORD": "short"}, "at least 10 characters"),
        ({"FIRST_ADMIN_PASSWORD": "qwertyuiop"}, "too common"),
        ({"FIRST_ADMIN_NAME": "x" * 101}, "at most 100 characters"),
    ],
)
def test_a_bad_value_gets_a_sentence_and_makes_nobody(
    db: None, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("create_admin", monkeypatch, **(FIRST | wrong))
    assert not User.objects.exists()


def test_nothing_happens_while_there_is_an_active_administrator(
    amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "already" in run("create_admin", monkeypatch, **FIRST)
    assert list(User.objects.all()) == [amara]


def test_the_first_administrator_can_sign_in_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person("gone@example.com", "Long Gone")
    User.objects.update(is_active=False, role=Role.ADMIN)
    assert PASSWORD not in run("create_admin", monkeypatch, **FIRST)
    chief = User.objects.get(email="chief@example.com")
    assert [str(change) for change in chief.changes.filter(changed_by=None)] == [
        "Account made: Administrator"
    ]
    assert (chief.name, chief.role) == ("Ada Chief", Role.ADMIN)
    sign_in(client, chief)
    assert client.get("/accounts/admin/", follow=True).status_code == 200


def test_somebody_who_took_the_address_before_loses_their_password(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    squatter = User.objects.create_user("chief@example.com", "known to them", name="Squatter")
    EmailAddress.objects.create(user=squatter, email=squatter.email)
    run("create_admin", monkeypatch, **FIRST)
    squatter.refresh_from_db()
    assert squatter.check_password(PASSWORD)
    assert EmailAddress.objects.get().verified


def test_whoever_is_only_invited_is_no_administrator_yet(
    amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And an invitation that waited ends when the command line makes an administrator of them."""
    chief = invitations.invite(
        name="Ada", email="chief@example.com", role=Role.ADMIN, language="en", by=amara
    )
    Invitation.objects.create(person=amara, digest="0" * 64, sent_at=timezone.now())
    run("create_admin", monkeypatch, **FIRST)
    assert list(User.objects.active_admins()) == [chief]


def test_demo_people_need_a_password_from_outside() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "identity_site.manage", "load_demo_people"],
        env={name: value for name, value in os.environ.items() if name != "DEMO_PASSWORD"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert '"DEMO_PASSWORD" not set' in answer.stderr.splitlines()[-1]


def test_there_is_a_demo_person_for_every_role(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("load_demo_people", monkeypatch, DEMO_PASSWORD=PASSWORD)
    for role in Role:
        person = User.objects.get(email=f"{role}@techstock.example")
        assert person.changes.get().changed_by is None
        assert person.role == role
        sign_in(client, person)
        client.post("/accounts/logout/")


def test_loading_them_again_changes_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load_demo_people", monkeypatch, DEMO_PASSWORD=PASSWORD)
    viewer = User.objects.get(role=Role.VIEWER)
    viewer.name = "Renamed"
    viewer.set_password("changed since then")
    viewer.save()
    assert run("load_demo_people", monkeypatch, DEMO_PASSWORD=PASSWORD) == ""
    viewer.refresh_from_db()
    assert viewer.name == "Renamed"
    assert viewer.check_password("changed since then")
    assert User.objects.count() == EmailAddress.objects.count() == len(Role)
