"""Somebody who can administer people always remains."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import BROWSER, make_person
from tests.identity.test_people_admin import PEOPLE, change, page_of


@pytest.mark.parametrize("changes", [{"role": "manager"}, {"is_active": "off"}])
def test_the_last_administrator_stays(client: Client, amara: User, changes: dict[str, str]) -> None:
    make_person("gone@example.com", "Long Gone", Role.ADMIN)
    User.objects.filter(email="gone@example.com").update(is_active=False)
    client.force_login(amara)
    assert "Amara Okafor is the last active administrator." in change(client, amara, **changes)
    assert (amara.role, amara.is_active) == (Role.ADMIN, True)


def test_an_administrator_may_go_when_another_stays(client: Client, amara: User) -> None:
    make_person("second@example.com", "Second Admin", Role.ADMIN)
    client.force_login(amara)
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
        client.force_login(acting)
        together.wait(timeout=30)
        form = {"name": other.name, "language": "", "role": "viewer", "is_active": "on"}
        status = client.post(page_of(other), form).status_code
        connection.close()
        return status

    with ThreadPoolExecutor(2) as pool:
        statuses = set(pool.map(demote, admins, reversed(admins)))
    assert statuses <= {200, 302, 403}
    assert User.objects.active_admins().count() == 1
