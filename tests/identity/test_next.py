"""Where people go after a form: back to where they were, and nowhere else."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from identity_site.accounts.models import User
from identity_site.accounts.own_urls import is_own_url
from tests.identity.conftest import PASSWORD, sign_in


@override_settings(PUBLIC_ORIGIN="https://stock.example.com")
def test_where_the_site_is_https_plain_http_is_somewhere_else() -> None:
    assert is_own_url("https://stock.example.com/products/")
    assert not is_own_url("http://stock.example.com/products/")
    assert not is_own_url("https://stock.example.com:8443/products/")


@pytest.mark.parametrize("following", [None, ""])
def test_without_next_the_way_in_ends_at_the_stock(
    client: Client, vera: User, following: str | None
) -> None:
    form = {"login": vera.email, "password": PASSWORD}
    answer = client.post("/accounts/login/", form | ({} if following is None else {"next": ""}))
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("following", ["/products/?q=C9300&page=2", "http://localhost:8080/scan/"])
def test_people_come_back_to_where_they_were(client: Client, vera: User, following: str) -> None:
    form = {"login": vera.email, "password": PASSWORD, "next": following}
    assert client.post("/accounts/login/", form).headers["Location"] == following


def test_the_links_between_signing_in_and_signing_up_keep_next(client: Client) -> None:
    sign_in_page = client.get("/accounts/login/?next=/products/").content.decode()
    assert 'href="/accounts/signup/?next=%2Fproducts%2F"' in sign_in_page
    assert '<input type="hidden" name="next" value="/products/">' in sign_in_page
    sign_up_page = client.get("/accounts/signup/?next=/products/").content.decode()
    assert 'href="/accounts/login/?next=%2Fproducts%2F"' in sign_up_page


def test_a_closed_page_asks_to_sign_in_and_then_opens(client: Client, vera: User) -> None:
    answer = client.get("/accounts/email/")
    assert answer.headers["Location"] == "/accounts/login/?next=/accounts/email/"
    sign_in(client, vera)
    assert client.get("/accounts/email/").status_code == 200


def test_a_foreign_host_name_is_refused(client: Client) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1:8080"):
        assert client.get("/accounts/login/", headers={"host": host}).status_code == 400
    assert settings.ALLOWED_HOSTS[0] == "localhost"
