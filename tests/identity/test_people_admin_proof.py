"""Whoever changes people proves once more who they are: the browser may be an unattended one."""

from django.test import Client

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import PASSWORD
from tests.identity.test_people_admin import PEOPLE, change, page_of


def test_an_unattended_browser_changes_nothing_until_the_password_is_typed(
    client: Client, amara: User, vera: User
) -> None:
    client.force_login(amara)
    change(client, vera, role="admin")
    client.post(f"{PEOPLE}add/", {"name": "X", "email": "x@example.com", "role": "admin"})
    act = {"action": "give_role", "_selected_action": str(vera.pk), "role": "admin"}
    client.post(PEOPLE, act | {"confirmed": "yes"})
    assert list(User.objects.filter(role=Role.ADMIN)) == [amara]
    again = client.post(page_of(vera), {"name": "Vera Prado", "role": "operator"})
    client.post(again.headers["Location"], {"password": "not hers"})
    vera.refresh_from_db()
    assert vera.name == "Vera Novak"
    client.post(again.headers["Location"], {"password": PASSWORD})
    vera.refresh_from_db()
    assert (vera.name, vera.role) == ("Vera Prado", Role.OPERATOR)


def test_a_question_that_waited_for_the_password_is_answered_where_it_belongs(
    client: Client, amara: User, vera: User
) -> None:
    client.force_login(amara)
    asked = client.post(PEOPLE, {"action": "deactivate", "_selected_action": str(vera.pk)})
    question = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert f'action="{PEOPLE}"' in question.content.decode()


def test_an_act_on_a_narrowed_list_waits_for_the_password_too(
    client: Client, amara: User, vera: User
) -> None:
    client.force_login(amara)
    narrowed = f"{PEOPLE}?q=vera"
    act = {"action": "deactivate", "_selected_action": str(vera.pk)}
    asked = client.post(narrowed, act)
    question = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert f'action="{narrowed}"' in question.content.decode()
    client.logout()
    client.force_login(amara)
    asked = client.post(narrowed, act | {"confirmed": "yes"})
    done = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert done.headers["Location"] == narrowed
    vera.refresh_from_db()
    assert not vera.is_active
