"""Guessing is slowed down per address, on pages and for programs alike; people notice nothing."""

import httpx

from tests.stack.door import ERRORS

PROVING = [
    "/accounts/login/",
    "/accounts/login/code/confirm/",
    "/accounts/signup/",
    "/accounts/invitations/key/",
    "/accounts/password/reset/",
    "/accounts/password/change/",
    "/accounts/confirm-email/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/_allauth/app/v1/auth/login",
    "/accounts/_allauth/app/v1/auth/2fa/authenticate",
    "/accounts/api/v1/access-tokens/",
]
OTHERS = ["/accounts/logout/", "/accounts/preferences/", "/accounts/admin/", "/", "/imports/"]


def test_guessing_is_slowed_down_and_people_are_not(proxy: httpx.Client) -> None:
    assert {proxy.post(path).status_code for path in PROVING * 3} == {200}
    flood = [proxy.post(path) for path in PROVING * 5][-len(PROVING) :]
    assert {answer.status_code for answer in flood} == {429}
    assert flood[0].text == (ERRORS / "429.html").read_text()
    assert flood[-1].json()["status"] == 429
    assert flood[-1].headers["Content-Type"].startswith("application/problem+json")
    assert {answer.headers["Retry-After"] for answer in flood} == {"60"}
    for method in ("PUT", "PATCH", "DELETE"):
        assert proxy.request(method, "/accounts/_allauth/app/v1/account/x").status_code == 429
    for path in PROVING:
        assert proxy.get(path).status_code == 200
    assert {proxy.post(path).status_code for path in OTHERS * 5} == {200}
