"""Between the password and the second step: what may happen meanwhile, and what must not."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client, override_settings

from identity_site.accounts.models import User
from tests.identity.conftest import BROWSER, PASSWORD, sign_in
from tests.identity.factors import AUTHENTICATE, app_code, give_app, set_up_app

RENEWAL = "/accounts/internal/renewal/"


def enter_the_password(client: Client, user: User) -> None:
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == AUTHENTICATE


def test_who_is_deactivated_meanwhile_does_not_get_in(client: Client, vera: User) -> None:
    secret = give_app(vera)
    enter_the_password(client, vera)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/accounts/login/"
    User.objects.filter(pk=vera.pk).update(is_active=True)
    assert SESSION_KEY not in client.session


def test_nor_does_who_began_with_a_password_that_was_changed_meanwhile(
    client: Client, vera: User
) -> None:
    secret = give_app(vera)
    enter_the_password(client, vera)
    vera.set_password("another passphrase for tests")
    vera.save()
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert SESSION_KEY not in client.session


def test_a_renewal_in_another_tab_does_not_end_it(client: Client, vera: User) -> None:
    secret = give_app(vera)
    enter_the_password(client, vera)
    answer = client.get(RENEWAL)
    assert answer.status_code == 204
    assert "X-Access-Token" not in answer.headers
    cookies = [answer.headers[f"X-Set-Cookie-{number}"] for number in (1, 2)]
    assert not any(cookie.startswith(settings.SESSION_COOKIE_NAME) for cookie in cookies)
    assert "X-Set-Cookie-3" not in answer.headers
    answer = client.post(AUTHENTICATE, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/"
    assert client.session[SESSION_KEY] == str(vera.pk)


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_factor_ends_the_sessions_that_have_not_shown_it(vera: User) -> None:
    here, elsewhere = Client(headers=BROWSER), Client(headers=BROWSER)
    sign_in(here, vera)
    sign_in(elsewhere, vera)
    set_up_app(here)
    assert elsewhere.get("/accounts/profile/").headers["Location"].startswith("/accounts/login/")
    assert here.get("/accounts/profile/").status_code == 200


def test_what_was_shown_counts_no_longer_than_it_is_there(client: Client, vera: User) -> None:
    secret = give_app(vera)
    enter_the_password(client, vera)
    client.post(AUTHENTICATE, {"code": app_code(secret)})
    with override_settings(SECOND_FACTOR_ROLES=frozenset({"viewer"})):
        assert client.get("/accounts/profile/").status_code == 200
        Authenticator.objects.filter(user=vera).delete()
        give_app(vera)  # another one, which this session has not shown
        answer = client.get("/accounts/profile/")
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
