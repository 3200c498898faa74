"""Guessing is slowed down per address, on pages and for programs alike; people notice nothing."""

import time

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
BURST, RATE = 60, 2  # requests, and a second; proxy/nginx.conf.template
OTHERS = ["/accounts/logout/", "/accounts/preferences/", "/accounts/admin/", "/", "/imports/"]


def test_guessing_is_slowed_down_and_people_are_not(proxy: httpx.Client) -> None:
    began = time.monotonic()
    assert {proxy.post(path).status_code for path in PROVING * 3} == {200}
    flood = [(path, proxy.post(path)) for path in PROVING * 8]
    allowed = BURST + 1 + RATE * (time.monotonic() - began)
    refused = {path: answer for path, answer in flood if answer.status_code != 200}
    passed = [answer for _path, answer in flood if answer.status_code == 200]
    assert len(PROVING * 3) + len(passed) <= allowed < len(PROVING * 11)
    assert {answer.status_code for answer in refused.values()} == {429}
    assert {answer.headers["Retry-After"] for answer in refused.values()} == {"60"}
    page, document = refused["/accounts/login/"], refused["/accounts/api/v1/access-tokens/"]
    assert page.text == (ERRORS / "429.html").read_text()
    assert document.json()["status"] == 429
    assert document.headers["Content-Type"].startswith("application/problem+json")
    for method in ("PUT", "PATCH", "DELETE"):  # more often than may be in the time that it takes
        asked = [proxy.request(method, "/accounts/_allauth/app/v1/account/x") for _ in range(20)]
        assert 429 in {answer.status_code for answer in asked}
    for path in PROVING:
        assert proxy.get(path).status_code == 200
    assert {proxy.post(path).status_code for path in OTHERS * 5} == {200}
