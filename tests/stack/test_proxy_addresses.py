"""Which site an address reaches, and which ones no spelling reaches."""

from http.client import HTTPConnection

import httpx
import pytest

from tests.stack.door import Site, passed_on, repeated


def status_of(proxy: httpx.Client, path: str, host: str) -> int:
    """Ask for an address exactly as spelled, which httpx would tidy up."""
    connection = HTTPConnection(proxy.base_url.host, proxy.base_url.port or 80)
    connection.request("GET", path, headers={"Host": host or proxy.headers["Host"]})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("host", ["", "127.0.0.1"], ids=["our name", "another name"])
@pytest.mark.parametrize("tail", ["", "/", "/x", "/renewal/", "/backchannel-logout/"])
@pytest.mark.parametrize("room", ["internal", "metrics"])
def test_internal_addresses_do_not_exist_outside(
    proxy: httpx.Client, room: str, tail: str, host: str
) -> None:
    named = {"Host": host or proxy.headers["Host"]}
    for method in ("GET", "POST"):
        for site in ("", "/accounts"):
            answer = proxy.request(method, f"{site}/{room}{tail}", headers=named)
            assert answer.status_code == 404
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path",
    [
        *("//internal/", "/%69nternal/", "/x/../internal/", "/./internal/", "/internal/."),
        *("/internal%2Fx/", "/x/..%2Finternal/", "/x%2F..%2F/internal/", "/internal/?/../x"),
        *("/internal/%2e%2e/internal/", "/internal%0A", "/internal#x", "/internal//"),
        *("/accounts//internal/", "/accounts/%69nternal/x", "/accounts/x/../internal/"),
        *("/accounts/../internal/", "/x/../accounts/internal/", "//accounts///internal//"),
        *("/accounts%2Finternal/", "/%61ccounts/%69nternal/renewal/"),
    ],
)
@pytest.mark.parametrize("host", ["", "127.0.0.1"], ids=["our name", "another name"])
def test_no_spelling_of_an_internal_address_reaches_a_site(
    proxy: httpx.Client, path: str, host: str
) -> None:
    assert status_of(proxy, path, host) == 404


@pytest.mark.parametrize("path", ["/renewal", "/%72enewal", "/proxy-errors/404.html"])
def test_what_nginx_asks_itself_cannot_be_asked_from_outside(
    proxy: httpx.Client, identity: Site, prefix: str, path: str
) -> None:
    identity.asked.clear()
    answer = proxy.get(path, headers={"Cookie": f"{prefix}id_session=alive"})
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert not identity.asked


@pytest.mark.parametrize("path", ["/internals/", "/x/internal/", "/accounts/x/metrics"])
def test_addresses_that_only_look_alike_are_the_sites_business(
    proxy: httpx.Client, path: str
) -> None:
    assert repeated(proxy.get(path))["path"] == path


def test_each_address_reaches_its_site(
    proxy: httpx.Client, identity: Site, inventory: Site
) -> None:
    for path in ("/accounts/login/", "/accounts/x", "/static/identity/b.css"):
        assert repeated(proxy.get(path))["site"] == identity.server_port
    for path in ("/", "/products/x/", "/accountsx/", "/static/inventory/b.css", "/imports/"):
        assert repeated(proxy.get(path))["site"] == inventory.server_port


def test_another_host_name_is_sent_to_the_real_address(proxy: httpx.Client) -> None:
    answer = proxy.get("/products/?q=x", headers={"Host": "127.0.0.1"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"http://{proxy.headers['Host']}/products/?q=x"


def test_machines_may_ask_for_health_and_keys_under_any_name(proxy: httpx.Client) -> None:
    for path in ("/healthz", "/readyz", "/accounts/healthz", "/accounts/.well-known/jwks.json"):
        got = passed_on(proxy.get(path, headers={"Host": "proxy:8080"}))
        assert got["Host"] == proxy.headers["Host"]
