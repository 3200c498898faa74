"""NUL characters, which PostgreSQL's texts cannot hold, are refused rather than stumbled over."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/?next=%00",
        "/accounts/signup/?email=a%00@example.com",
        "/accounts/admin/accounts/user/?role__exact=%00",
        "/accounts/%00/",
    ],
)
def test_a_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "could not be understood" in answer.content.decode()


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "ACCESS_COOKIE", "LANGUAGE_COOKIE_NAME"])
def test_a_nul_in_a_cookie_is_refused(client: Client, name: str) -> None:
    cookie = f'{getattr(settings, name)}="\\000bcdefghijklmnop"'
    assert client.get("/accounts/profile/", headers={"cookie": cookie}).status_code == 400
