"""Changing one's e-mail address, which is also the login."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, last_code, sign_in

ADDRESS = "/accounts/email/"
CODE = "/accounts/confirm-email/"


def ask_for(client: Client, address: str) -> None:
    """Ask to change to `address` and prove again who one is."""
    answer = client.post(ADDRESS, {"email": address, "action_add": ""})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(answer.headers["Location"], {"password": PASSWORD, "next": ADDRESS})


def test_nothing_happens_without_the_password(client: Client, vera: User) -> None:
    sign_in(client, vera)
    answer = client.post(ADDRESS, {"email": "new@example.com", "action_add": ""})
    page = client.post(answer.headers["Location"], {"password": "not it"}).content.decode()
    assert "That is not your password." in page
    assert not mail.outbox


@pytest.mark.parametrize("address", ["", "x", "a\x00@example.com", "x" * 250 + "@example.com"])
def test_a_bad_address_gets_a_sentence(client: Client, vera: User, address: str) -> None:
    sign_in(client, vera)
    page = client.post(ADDRESS, {"email": address, "action_add": ""}).content.decode()
    assert 'id="id_email_error"' in page
    assert not mail.outbox


def test_the_old_address_stays_until_the_code_is_there(client: Client, vera: User) -> None:
    sign_in(client, vera)
    ask_for(client, "new@example.com")
    client.post(CODE, {"code": "BBBB-BBBB"})
    vera.refresh_from_db()
    assert vera.email == "vera@example.com"


def test_an_address_that_is_somebody_elses_cannot_be_had(
    client: Client, vera: User, marina: User
) -> None:
    sign_in(client, vera)
    ask_for(client, marina.email)
    page = client.post(CODE, {"code": last_code()}, follow=True).content.decode()
    assert "This address belongs to another account." in page
    vera.refresh_from_db()
    assert vera.email == "vera@example.com"


def test_an_address_that_somebody_took_without_proof_is_no_server_error(
    client: Client, vera: User
) -> None:
    squatter = User.objects.create_user("new@example.com", PASSWORD, name="Squatter")
    EmailAddress.objects.create(user=squatter, email=squatter.email, primary=True)
    sign_in(client, vera)
    ask_for(client, "new@example.com")
    page = client.post(CODE, {"code": last_code()}, follow=True).content.decode()
    assert "This address belongs to another account." in page


def test_the_code_makes_the_new_address_the_login(client: Client, vera: User) -> None:
    sign_in(client, vera)
    ask_for(client, "New@Example.com")
    assert mail.outbox[-1].to == ["new@example.com"]
    answer = client.post(CODE, {"code": last_code()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/profile/"
    vera.refresh_from_db()
    assert vera.email == "new@example.com"
    addresses = EmailAddress.objects.filter(user=vera).values_list("email", "verified", "primary")
    assert list(addresses) == [("new@example.com", True, True)]
    assert mail.outbox[-1].to == ["vera@example.com"]
    assert "from vera@example.com to new@example.com" in str(mail.outbox[-1].body)
