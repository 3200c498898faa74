"""What administrators do about people from the list and the page of one, and how it is asked."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from identity_site.accounts.models import PersonChange, User
from identity_site.accounts.roles import Role
from identity_site.programs.models import PersonalToken, expiry
from tests.identity.test_invitations import mailed_link
from tests.identity.test_people_admin import PEOPLE, enter, page_of


def act(client: Client, name: str, *chosen: User, where: str = PEOPLE, **form: str) -> Any:
    """Choose an act, answer its question with yes, and return the page that follows."""
    data = {"action": name, "CHANGE_FORM-action": name, **form}
    ids = {"_selected_action": [str(person.pk) for person in chosen]}
    question = client.post(where, data | ids)
    assert question.status_code == 200, question.headers
    for person in chosen:
        assert person.email in question.content.decode()
        person.refresh_from_db()
    answer = client.post(where, data | ids | {"confirmed": "yes"}, follow=True)
    for person in chosen:
        person.refresh_from_db()
    return answer


def newest(person: User) -> PersonChange:
    return PersonChange.objects.filter(person=person)[0]


def test_too_many_at_once_are_refused(client: Client, amara: User) -> None:
    crowd = [User(email=f"{n}@example.com", name=f"Person {n}") for n in range(101)]
    User.objects.bulk_create(crowd)
    enter(client, amara)
    form = {"action": "deactivate", "confirmed": "yes"}
    form |= {"_selected_action": [str(person.pk) for person in crowd]}  # type: ignore[dict-item]  # a list
    page = client.post(PEOPLE, form, follow=True).content.decode()
    assert "Choose at most 100 people at once." in page
    assert User.objects.filter(is_active=True).count() == 102


def test_a_role_must_be_one_of_the_ladder(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    form = {"action": "give_role", "_selected_action": str(vera.pk), "confirmed": "yes"}
    assert client.post(PEOPLE, form | {"role": "owner"}).status_code == 422


@pytest.mark.parametrize("chosen", ["x", "\x00", "1"])
def test_what_is_nobodys_id_is_refused(
    client: Client, amara: User, vera: User, chosen: str
) -> None:
    enter(client, amara)
    form = {"action": "deactivate", "CHANGE_FORM-action": "sign_out", "_selected_action": chosen}
    for page in (PEOPLE, page_of(vera)):
        assert client.post(page, form).status_code == 400


def test_some_may_be_refused_while_others_are_done(client: Client, amara: User, vera: User) -> None:
    enter(client, amara)
    page = act(client, "deactivate", amara, vera).content.decode()
    assert "Amara Okafor is the last active administrator." in page
    assert "Deactivated: 1 person." in page
    assert (amara.is_active, vera.is_active) == (True, False)


def test_a_role_is_given_to_several(client: Client, amara: User, vera: User, marina: User) -> None:
    enter(client, amara)
    page = act(client, "give_role", vera, marina, role="operator").content.decode()
    assert "The role is given: 2 people." in page
    assert {vera.role, marina.role} == {Role.OPERATOR}
    assert newest(marina).changed_by == amara


def test_whoever_is_locked_out_loses_the_second_factors_and_is_told(
    client: Client, amara: User, vera: User
) -> None:
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=vera, type=kind, data={})
    enter(client, amara)
    assert "TOTP Authenticator" in client.get(page_of(vera)).content.decode()
    act(client, "remove_second_factors", vera, where=page_of(vera))
    assert not Authenticator.objects.filter(user=vera).exists()
    assert (newest(vera).what, newest(vera).changed_by) == ("factors_removed", amara)
    assert mail.outbox[-1].to == [vera.email]
    assert "Amara Okafor, who administers TechStock, removed" in str(mail.outbox[-1].body)
    page = act(client, "remove_second_factors", vera, where=page_of(vera)).content.decode()
    assert "Vera Novak has no second factor." in page


def test_all_personal_tokens_are_revoked(client: Client, amara: User, vera: User) -> None:
    for number in range(2):
        PersonalToken.objects.create(
            owner=vera, name=f"{number}", scope="read", digest=f"{number}", expires_at=expiry(1)
        )
    enter(client, amara)
    assert "2 programs act for this person." in client.get(page_of(vera)).content.decode()
    act(client, "revoke_tokens", vera, where=page_of(vera))
    assert not PersonalToken.objects.living().exists()
    assert str(newest(vera)) == "Personal tokens revoked"


def test_somebody_is_invited_reminded_and_withdrawn(client: Client, amara: User) -> None:
    enter(client, amara)
    form = {"name": "Ana Lima", "email": "Ana@example.com", "role": "operator"}
    taken = client.post(f"{PEOPLE}add/", form | {"email": amara.email, "language": "en"})
    assert "Amara Okafor has an account with this address already." in taken.content.decode()
    page = client.post(f"{PEOPLE}add/", form | {"language": "pt-br"}, follow=True)
    assert "The invitation is on its way to ana@example.com." in page.content.decode()
    first = mailed_link()
    ana = User.objects.get(email="ana@example.com")
    assert newest(ana).changed_by == amara
    assert re.search("Invited", client.get(f"{PEOPLE}?state=invited").content.decode())
    act(client, "invite_again", ana)
    assert mailed_link() != first
    page = act(client, "withdraw", ana, where=page_of(ana)).content.decode()
    assert "There is no link that works." in page
    assert not ana.is_active
