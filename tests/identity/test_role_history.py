"""Who changed whose role, or whether they are active: written by the database, and never edited."""

import os

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from identity_site.accounts.acting import acting, record
from identity_site.accounts.models import PersonChange, User, What
from identity_site.accounts.roles import Role
from tests.identity.conftest import make_person

type Line = tuple[str, str, str, User | None]
AS_OWNER = ["UPDATE accounts_personchange SET old = ''", "DELETE FROM accounts_personchange"]


def lines(person: User) -> list[Line]:
    """What the history says about somebody since their account was made, oldest first."""
    changes = PersonChange.objects.filter(person=person).order_by("pk")
    return [(c.what, c.old, c.new, c.changed_by) for c in changes[1:]]


@pytest.mark.parametrize(
    "statement",
    [
        *AS_OWNER,
        "TRUNCATE accounts_personchange",
        "INSERT INTO accounts_personchange (what, old, new) VALUES ('role', '', '')",
        "DROP TRIGGER audit_person ON accounts_user",
        "ALTER TABLE accounts_user DISABLE TRIGGER audit_person",
        "DROP FUNCTION audit_person CASCADE",
        "SELECT write_person_change(NULL, 'role', 'viewer', 'admin')",
        "SELECT record_person_act(NULL, 'role')",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_that_serves_cannot_touch_it(vera: User, statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", [*AS_OWNER, "TRUNCATE accounts_personchange CASCADE"])
def test_accidents_of_the_owner_do_not_touch_it_either(vera: User, statement: str) -> None:
    name = connection.settings_dict["NAME"]
    owner = psycopg.connect(os.environ["IDENTITY_OWNER_DATABASE_URL"], dbname=name)
    with owner, pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement)
    assert PersonChange.objects.count() == 1


def test_somebody_who_does_not_exist_cannot_have_done_it(vera: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        with acting(User()):
            User.objects.filter(pk=vera.pk).update(role=Role.MANAGER)
        connection.check_constraints()


def test_a_form_a_bulk_update_and_a_statement_leave_one_line_each(vera: User, amara: User) -> None:
    with acting(amara):
        vera.role = Role.OPERATOR
        vera.save()
    User.objects.filter(pk=vera.pk).update(role=Role.MANAGER, is_active=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_active = true WHERE id = %s", [vera.pk])
    assert lines(vera) == [
        ("role", "viewer", "operator", amara),
        ("role", "operator", "manager", None),
        ("active", "true", "false", None),
        ("active", "false", "true", None),
    ]


def test_it_begins_with_the_role_that_somebody_is_given_first(vera: User, amara: User) -> None:
    with acting(amara):
        made = User.objects.bulk_create([User(email="x@example.com", name="X", role=Role.ADMIN)])
    change = PersonChange.objects.get(person=made[0])
    assert (change.what, change.new, change.changed_by) == (What.CREATED, Role.ADMIN, amara)
    assert PersonChange.objects.get(person=vera).changed_by is None


def test_other_changes_leave_no_line(vera: User) -> None:
    vera.name, vera.language = "Vera Prado", "en"
    vera.save()
    assert lines(vera) == []


def test_what_is_not_done_is_not_written(vera: User, amara: User) -> None:
    with pytest.raises(RuntimeError), acting(amara):
        User.objects.filter(pk=vera.pk).update(role=Role.ADMIN)
        raise RuntimeError
    assert lines(vera) == []


def test_acting_ends_with_its_block(vera: User, amara: User) -> None:
    marina = make_person("marina@example.com", "Marina Ribeiro", Role.MANAGER)
    with transaction.atomic():
        with acting(amara):
            with acting(marina):
                User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
            User.objects.filter(pk=vera.pk).update(role=Role.MANAGER)
        User.objects.filter(pk=vera.pk).update(role=Role.VIEWER)
    assert [by for *_, by in lines(vera)] == [marina, amara, None]


def test_an_administrators_other_acts_are_written_too(vera: User, amara: User) -> None:
    with acting(amara):
        record(vera, What.SIGNED_OUT)
    assert lines(vera) == [("signed_out", "", "", amara)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (PersonChange(what="created", new="viewer"), "Account made: Viewer"),
        (PersonChange(what="role", old="viewer", new="admin"), "Role changed from Viewer to Admin"),
        (PersonChange(what="active", old="true", new="false"), "Deactivated"),
        (PersonChange(what="active", old="false", new="true"), "Activated"),
        (PersonChange(what="erased"), "Erased"),
    ],
)
def test_people_read_it_in_sentences(change: PersonChange, sentence: str) -> None:
    assert str(change).startswith(sentence)
