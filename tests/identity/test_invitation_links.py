"""Every way in which the link of an invitation dies."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from identity_site.accounts import invitations
from identity_site.accounts.models import Invitation, User
from tests.identity.conftest import BROWSER, PASSWORD, last_code
from tests.identity.test_invitations import invite, mailed_link

DEAD = "This link is over"


def is_dead(client: Client, link: str) -> bool:
    """Tell whether neither opening the link nor sending its form leads in."""
    answers = [client.get(link), client.post(link, {"password1": PASSWORD})]
    gone = {answer.status_code for answer in answers} == {410}
    return gone and all(DEAD in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("token", ["x", "a" * 43, "%27", "é", "../x"])
def test_an_invented_link_is_dead(client: Client, amara: User, token: str) -> None:
    invite(amara)
    answer = client.post(f"/accounts/invitations/{token}/", {"password1": PASSWORD})
    assert answer.status_code in {404, 410}


def test_a_link_works_once(client: Client, amara: User) -> None:
    invite(amara)
    link = mailed_link()
    assert client.post(link, {"password1": PASSWORD}).status_code == 302
    assert is_dead(Client(headers=BROWSER), link)


def test_a_link_is_dead_after_a_week(client: Client, amara: User) -> None:
    ana = invite(amara)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=7))
    assert is_dead(client, mailed_link())
    ana.refresh_from_db()
    assert not ana.has_usable_password()


def test_sending_again_kills_the_earlier_link(client: Client, amara: User) -> None:
    ana = invite(amara)
    earlier = mailed_link()
    invitations.invite_again(ana, by=amara)
    assert is_dead(client, earlier)
    assert client.get(mailed_link()).status_code == 200


def test_withdrawing_kills_the_link_and_closes_the_account(client: Client, amara: User) -> None:
    ana = invite(amara)
    link = mailed_link()
    invitations.withdraw(ana, by=amara)
    assert is_dead(client, link)
    ana.refresh_from_db()
    assert not ana.is_active
    invitations.invite_again(ana, by=amara)
    assert client.post(mailed_link(), {"password1": PASSWORD}).status_code == 302


def test_deactivating_kills_the_link(client: Client, amara: User) -> None:
    ana = invite(amara)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert is_dead(client, mailed_link())


def test_whoever_came_in_by_a_mailed_code_needs_no_link_any_more(
    client: Client, amara: User
) -> None:
    ana = invite(amara)
    link = mailed_link()
    client.post("/accounts/password/reset/", {"email": ana.email})
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    client.post(
        "/accounts/password/reset/complete/", {"password1": PASSWORD, "password2": PASSWORD}
    )
    assert not Invitation.objects.exists()
    assert is_dead(Client(headers=BROWSER), link)
