"""Before a change that matters somebody proves once more who they are."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD, sign_in
from tests.identity.factors import REAUTHENTICATE, app_code, give_app, give_passkey, prove_again

BY_CODE = "/accounts/2fa/reauthenticate/"
PAGES = [
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_about_second_factors_ask_first(client: Client, vera: User, path: str) -> None:
    sign_in(client, vera)
    assert client.get(path).headers["Location"].startswith(REAUTHENTICATE)
    assert client.post(path).headers["Location"].startswith(REAUTHENTICATE)
    prove_again(client)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/webauthn/keys/{}/edit/",
        "/accounts/2fa/webauthn/keys/{}/remove/",
    ],
)
def test_so_do_those_about_factors_that_are_there(client: Client, vera: User, path: str) -> None:
    sign_in(client, vera)
    give_app(vera)
    path = path.format(give_passkey(vera).pk)
    assert client.get(path).headers["Location"].startswith(REAUTHENTICATE)
    before = list(Authenticator.objects.values_list("type", "data"))
    client.post(path, {"name": "x"})
    assert list(Authenticator.objects.values_list("type", "data")) == before


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/email/", {"email": "new@example.com", "action_add": ""}),
        ("/accounts/sessions/", {"end": "others"}),
        ("/accounts/tokens/new/", {"name": "Scanner"}),
    ],
)
def test_forms_ask_before_they_do_anything(
    client: Client, vera: User, path: str, form: dict[str, str]
) -> None:
    sign_in(client, vera)
    assert client.post(path, form).headers["Location"].startswith(REAUTHENTICATE)


def test_the_old_password_is_asked_for_with_the_new_one(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    new = {"password1": "quite another passphrase", "password2": "quite another passphrase"}
    client.post("/accounts/password/change/", {"oldpassword": "not it", **new})
    vera.refresh_from_db()
    assert vera.check_password(PASSWORD)


def test_a_first_password_is_set_after_the_second_factor(client: Client, vera: User) -> None:
    vera.set_unusable_password()
    vera.save()
    secret = give_app(vera)
    client.force_login(vera)
    asked = client.get("/accounts/password/set/").headers["Location"]
    assert asked == f"{BY_CODE}?next=%2Faccounts%2Fpassword%2Fset%2F"
    client.post(BY_CODE, {"code": app_code(secret)})
    assert client.get("/accounts/password/set/").status_code == 200


def test_a_wrong_password_proves_nothing(client: Client, vera: User) -> None:
    sign_in(client, vera)
    page = client.post(REAUTHENTICATE, {"password": "not it"}).content.decode()
    assert "That is not your password." in page
    assert client.get(PAGES[0]).headers["Location"].startswith(REAUTHENTICATE)


def test_wrong_ones_are_counted_with_those_of_signing_in(client: Client, vera: User) -> None:
    sign_in(client, vera)
    for _ in range(5):
        client.post(REAUTHENTICATE, {"password": "not it"})
    page = client.post(REAUTHENTICATE, {"password": PASSWORD}).content.decode()
    assert "Too many attempts." in page


def test_the_code_of_the_app_will_do_as_well(client: Client, vera: User) -> None:
    sign_in(client, vera)
    secret = give_app(vera)
    assert BY_CODE in client.get(REAUTHENTICATE).content.decode()
    client.post(BY_CODE, {"code": "000000"})
    assert client.get(PAGES[2]).headers["Location"].startswith(REAUTHENTICATE)
    client.post(BY_CODE, {"code": app_code(secret)})
    assert client.get(PAGES[2]).status_code == 200


def test_a_proof_is_good_for_five_minutes(client: Client, vera: User) -> None:
    sign_in(client, vera)
    prove_again(client)
    session = client.session
    session["account_authentication_methods"][-1]["at"] = time.time() - 301
    session.save()
    assert client.get(PAGES[0]).headers["Location"].startswith(REAUTHENTICATE)
