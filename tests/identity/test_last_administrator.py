"""Somebody who can administer people always remains, on every path to the database."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, NotSupportedError, connection, transaction
from django.test import Client

from identity_site.accounts import invitations, people
from identity_site.accounts.erasure import erase
from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import BROWSER, make_person
from tests.identity.test_people_admin import PEOPLE, change, enter, page_of

STATEMENTS = [
    "UPDATE accounts_user SET role = 'viewer'",
    "UPDATE accounts_user SET is_active = false",
    "UPDATE accounts_user SET is_active = false, erased_at = now()",
    "UPDATE accounts_user SET role = 'manager' WHERE role = 'admin'",
]

WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('an_administrator_remains', 0))"


def connect() -> psycopg.Connection:
    name = connection.settings_dict["NAME"]
    return psycopg.connect(os.environ["IDENTITY_DATABASE_URL"], dbname=name)


def make_former_admin() -> User:
    gone = make_person("gone@example.com", "Long Gone", Role.ADMIN)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return gone


@pytest.mark.parametrize("changes", [{"role": "manager"}, {"is_active": "off"}])
def test_the_form_refuses(client: Client, amara: User, changes: dict[str, str]) -> None:
    make_former_admin()
    enter(client, amara)
    assert "Amara Okafor is the last active administrator." in change(client, amara, **changes)
    assert (amara.role, amara.is_active) == (Role.ADMIN, True)


@pytest.mark.parametrize("act", ["deactivate", "give_role", "erase"])
def test_the_acts_refuse(client: Client, amara: User, act: str) -> None:
    enter(client, amara)
    form = {"action": act, "CHANGE_FORM-action": act, "_selected_action": str(amara.pk)}
    form |= {"confirmed": "yes", "role": "viewer", "email": amara.email}
    path = page_of(amara) if act == "erase" else PEOPLE
    page = client.post(path, form, follow=True).content.decode()
    assert "Amara Okafor is the last active administrator." in page
    amara.refresh_from_db()
    assert (amara.role, amara.is_active, amara.name) == (Role.ADMIN, True, "Amara Okafor")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses(amara: User, vera: User, statement: str) -> None:
    make_former_admin()
    with (
        pytest.raises(IntegrityError, match="the last active administrator stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_somebody_who_is_only_invited_does_not_count(amara: User) -> None:
    invitations.invite(
        name="Ana Lima", email="ana@example.com", role=Role.ADMIN, language="en", by=amara
    )
    with pytest.raises(ValidationError, match="last active administrator"):
        people.change(amara, role=Role.VIEWER, by=amara)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=amara.pk).update(is_active=False)


def test_nobody_becomes_active_whose_invitation_was_withdrawn(client: Client, amara: User) -> None:
    ana = invitations.invite(
        name="Ana Lima", email="ana@example.com", role=Role.ADMIN, language="en", by=amara
    )
    invitations.withdraw(ana, by=amara)
    sentence = "Ana Lima has never begun. Send the invitation again instead."
    enter(client, amara)
    assert sentence in change(client, ana)
    act = {"action": "reactivate", "_selected_action": str(ana.pk), "confirmed": "yes"}
    assert sentence in client.post(PEOPLE, act, follow=True).content.decode()
    ana.refresh_from_db()
    assert not ana.is_active
    invitations.invite_again(ana, by=amara)
    people.change(ana, active=False, by=amara)
    people.change(ana, active=True, by=amara)
    assert list(User.objects.active_admins()) == [amara]


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_that_is_too_old_to_tell_is_refused() -> None:
    make_person("one@example.com", "One", Role.ADMIN)
    make_person("two@example.com", "Two", Role.ADMIN)
    with pytest.raises(NotSupportedError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("UPDATE accounts_user SET role = 'viewer' WHERE name = 'One'")


def test_an_administrator_may_go_when_another_stays(client: Client, amara: User) -> None:
    make_person("second@example.com", "Second Admin", Role.ADMIN)
    enter(client, amara)
    change(client, amara, role="viewer")
    assert amara.role == Role.VIEWER
    assert client.get(PEOPLE, follow=True).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_do_not_both_succeed() -> None:
    """With real threads and transactions: the second one waits, and is then refused."""
    admins = [make_person(f"{n}@example.com", f"Admin {n}", Role.ADMIN) for n in range(2)]
    together = Barrier(2)

    def demote(acting: User, other: User) -> int:
        client = Client(headers=BROWSER)
        enter(client, acting)
        together.wait(timeout=30)
        form = {"name": other.name, "language": "", "role": "viewer", "is_active": "on"}
        status = client.post(page_of(other), form).status_code
        connection.close()
        return status

    with ThreadPoolExecutor(2) as pool:
        statuses = set(pool.map(demote, admins, reversed(admins)))
    assert statuses <= {200, 302, 403}
    assert User.objects.active_admins().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_waited_for_another_sees_what_that_did() -> None:
    one, two = (make_person(f"{n}@example.com", f"Admin {n}", Role.ADMIN) for n in range(2))
    first, second = (connect() for _ in range(2))
    demote = "UPDATE accounts_user SET role = 'viewer' WHERE id = %s"
    with first, second, ThreadPoolExecutor(1) as pool:
        first.execute(demote, [one.pk])
        waiting = pool.submit(second.execute, demote, [two.pk])
        while not waiting.done() and not first.execute(WAITING).fetchone():
            pass
        first.commit()
        with pytest.raises(psycopg.errors.CheckViolation):
            waiting.result()
    assert list(User.objects.active_admins()) == [two]


def demote(person: User, *, by: User) -> None:
    people.change(person, by=by, role=Role.VIEWER)


def demote_by_form(person: User, *, by: User) -> None:
    client = Client(headers=BROWSER)
    enter(client, by)
    change(client, person, role="viewer")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [demote, demote_by_form, erase])
def test_whoever_waits_for_another_administrator_holds_nobody_meanwhile(
    act: Callable[..., None],
) -> None:
    """Else two who act on each other would each wait for what the other holds."""
    one, two = (make_person(f"{n}@example.com", f"Admin {n}", Role.ADMIN) for n in range(2))

    def perform() -> None:
        act(two, by=one)
        connection.close()

    with connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(LOCK)
        waiting = pool.submit(perform)
        while not waiting.done() and not other.execute(WAITING).fetchone():
            pass
        other.execute("SELECT FROM accounts_user FOR UPDATE NOWAIT")
        other.commit()
        waiting.result()
    assert list(User.objects.active_admins()) == [one]
