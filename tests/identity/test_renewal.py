"""The proxy renews a token on its way to the inventory site, as long as the session lives."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.tokens import session_limits
from tests.identity.conftest import BROWSER, sign_in
from tests.identity.tokens import read, token_of

RENEWAL = "/accounts/internal/renewal/"
ACCESS, FRESH, SESSION = "__Host-ts_at", "__Host-ts_fresh", "__Host-id_session"
HOME = {name: BROWSER[name] for name in ("host", "x-real-ip")}


def renew(session_key: str) -> Any:
    """Ask as the proxy does, with nothing but the session."""
    proxy = Client(headers=HOME)
    if session_key:
        proxy.cookies[SESSION] = session_key
    return proxy.get(RENEWAL)


def carried(answer: HttpResponse) -> dict[str, str]:
    """The cookies for the browser, by name, in their order; the value of a cleared one is empty."""
    headers = (answer.headers.get(f"X-Set-Cookie-{number}", "") for number in (1, 2, 3))
    cookies = [cookie for header in headers for cookie in SimpleCookie(header).values()]
    assert all(cookie["max-age"] == "0" for cookie in cookies if not cookie.value)
    return {cookie.key: cookie.value for cookie in cookies}


def assert_dead(answer: HttpResponse) -> None:
    assert answer.status_code == 204
    assert "X-Access-Token" not in answer.headers
    assert carried(answer) == {ACCESS: "", FRESH: "", SESSION: ""}


@pytest.mark.parametrize("key", ["", "x", "nosuchsessionnosuchsessionnosuch", "ä"])
def test_a_session_that_is_none_clears_everything(db: None, key: str) -> None:
    assert_dead(renew(key))


def test_a_session_that_was_signed_out_clears_everything(client: Client, vera: User) -> None:
    sign_in(client, vera)
    key = client.cookies[SESSION].value
    client.post("/accounts/logout/")
    assert_dead(renew(key))


def test_so_does_one_of_somebody_who_left(client: Client, vera: User) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert_dead(renew(client.cookies[SESSION].value))


def test_so_does_one_from_before_a_change_of_password(client: Client, vera: User) -> None:
    sign_in(client, vera)
    vera.set_password("another passphrase for tests")
    vera.save()
    assert_dead(renew(client.cookies[SESSION].value))


@pytest.mark.parametrize("limit", ["SESSION_IDLE_SECONDS", "SESSION_TOTAL_SECONDS"])
def test_one_that_is_over_clears_everything_and_ends(
    client: Client, vera: User, limit: str
) -> None:
    sign_in(client, vera)
    key = client.cookies[SESSION].value
    with override_settings(**{limit: 0}):
        assert_dead(renew(key))
    assert not Session.objects.filter(pk=key).exists()


@override_settings(SECOND_FACTOR_ROLES=frozenset({Role.MANAGER}))
def test_one_without_its_second_factor_lives_on_without_a_token(
    client: Client, marina: User
) -> None:
    sign_in(client, marina)
    answer = renew(client.cookies[SESSION].value)
    assert answer.status_code == 204
    assert "X-Access-Token" not in answer.headers
    assert carried(answer) == {ACCESS: "", FRESH: ""}


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post(RENEWAL).status_code == 405


def test_a_living_session_gets_a_new_token_for_the_site_and_the_browser(
    client: Client, vera: User
) -> None:
    sign_in(client, vera)
    answer = renew(client.cookies[SESSION].value)
    assert answer.status_code == 204
    token = answer.headers["X-Access-Token"]
    assert carried(answer) == {ACCESS: token, FRESH: "1"}
    assert read(token)["sub"] == str(vera.pk)
    assert read(token)["sid"] == read(token_of(client))["sid"]
    assert read(token)["jti"] != read(token_of(client))["jti"]


def test_the_cookies_are_whole(client: Client, vera: User) -> None:
    sign_in(client, vera)
    answer = renew(client.cookies[SESSION].value)
    for number, seconds in ((1, 900), (2, 300)):
        attributes = set(answer.headers[f"X-Set-Cookie-{number}"].split("; ")[1:])
        assert {f"Max-Age={seconds}", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} <= attributes
    assert ACCESS not in answer.cookies


def test_the_new_token_has_the_role_of_now(client: Client, vera: User) -> None:
    sign_in(client, vera)
    User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
    token = renew(client.cookies[SESSION].value).headers["X-Access-Token"]
    assert read(token)["roles"] == ["operator"]


def test_renewing_counts_as_use(client: Client, vera: User) -> None:
    sign_in(client, vera)
    session = client.session
    session[session_limits.USED] -= 3600
    session.save()
    before = session[session_limits.USED]
    renew(client.cookies[SESSION].value)
    assert client.session[session_limits.USED] >= before + 3600
