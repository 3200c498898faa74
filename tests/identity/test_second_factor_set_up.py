"""Setting up an authenticator app and removing it: what is asked, kept and shown."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.sealing import unseal
from tests.identity.conftest import sign_in
from tests.identity.factors import ACTIVATE, give_passkey, prove_again, recovery_code, set_up_app

WRONG = "000000"
INDEX = "/accounts/2fa/"
REMOVE_APP = "/accounts/2fa/totp/deactivate/"


@pytest.fixture(autouse=True)
def _required() -> Iterator[None]:
    with override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER})):
        yield


def token(client: Client) -> str:
    return client.cookies[settings.ACCESS_COOKIE].value


def test_no_app_is_set_up_without_the_password(client: Client, vera: User) -> None:
    sign_in(client, vera)
    answer = client.get(ACTIVATE)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Authenticator.objects.exists()


def test_no_app_is_set_up_with_a_wrong_code(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    client.get(ACTIVATE)
    assert "That did not match." in client.post(ACTIVATE, {"code": WRONG}).content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_makes_recovery_codes_which_are_shown_once(
    client: Client, vera: User
) -> None:
    sign_in(client, vera)
    set_up_app(client)
    code = recovery_code(vera)
    assert code in client.get("/accounts/2fa/recovery-codes/").content.decode()
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert code not in again
    assert "/accounts/2fa/recovery-codes/generate/" in again
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_no_seed_can_be_read_from_the_database(client: Client, vera: User) -> None:
    sign_in(client, vera)
    secret = set_up_app(client)
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert unseal(kept["totp"]["secret"]) == secret
    assert len(unseal(kept["recovery_codes"]["seed"])) == 80
    assert all(secret not in str(row.get_decoded()) for row in Session.objects.all())


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_counts_as_showing_it(client: Client, marina: User) -> None:
    sign_in(client, marina)
    set_up_app(client)
    assert token(client)
    assert client.get("/accounts/profile/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_last_one_cannot_be_removed(client: Client, marina: User) -> None:
    sign_in(client, marina)
    set_up_app(client)
    page = client.post(REMOVE_APP).content.decode()
    assert "add another second step before you remove this" in page
    give_passkey(marina)
    client.post(REMOVE_APP)
    assert not Authenticator.objects.filter(type="totp").exists()


@pytest.mark.django_db(transaction=True)
def test_when_somebody_else_removes_the_last_one_it_is_missing_at_once(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    set_up_app(client)
    Authenticator.objects.all().delete()
    assert client.get("/accounts/profile/").headers["Location"] == INDEX
    assert not token(client)
