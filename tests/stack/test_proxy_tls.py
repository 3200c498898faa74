"""Nginx with a certificate: https, and nothing but the way there by http."""

import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from embedded import nginx
from tests.certificate import self_signed
from tests.stack.door import ERRORS, Site, cookies_of, passed_on, running, wait_for
from tests.stack_fixture import free_port, new_data_dir


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = new_data_dir().parent
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def secure(folder: Path, identity: Site, inventory: Site) -> Iterator[httpx.Client]:
    """Yield a client that trusts the certificate; its `plain` is the port of http."""
    identity.prefix = "__Host-"
    plain, port = free_port(), free_port()
    origin = f"https://localhost:{port}"
    certificate, key = self_signed(folder)
    values = nginx.variables(
        public_origin=origin,
        listen=f"127.0.0.1:{plain}",
        identity=f"127.0.0.1:{identity.server_port}",
        inventory=f"127.0.0.1:{inventory.server_port}",
        run_dir=str(folder / "nginx"),
        access_log="/dev/stdout",
        tls=nginx.Tls(f"127.0.0.1:{port}", certificate, key),
    )
    trust = ssl.create_default_context(cafile=certificate)
    with running(values, folder), httpx.Client(base_url=origin, verify=trust) as client:
        wait_for(port)
        client.plain = plain  # type: ignore[attr-defined]
        yield client


def handshake(
    secure: httpx.Client, folder: Path, *, version: ssl.TLSVersion, ciphers: str = ""
) -> tuple[str | None, str | None]:
    """Return the version and the application protocol that were agreed on."""
    context = ssl.create_default_context(cafile=folder / "certificate.pem")
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    context.set_alpn_protocols(["h2", "http/1.1"])
    address = (secure.base_url.host, secure.base_url.port or 443)
    with (
        socket.create_connection(address) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as encrypted,
    ):
        return encrypted.version(), encrypted.selected_alpn_protocol()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_old_tls_and_weak_ciphers_are_refused(secure: httpx.Client, folder: Path) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(secure, folder, version=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        handshake(secure, folder, version=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-AES128-SHA")


@pytest.mark.parametrize(
    ("version", "name"),
    [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")],
)
def test_new_tls_is_spoken_with_http_2(
    secure: httpx.Client, folder: Path, version: ssl.TLSVersion, name: str
) -> None:
    assert handshake(secure, folder, version=version) == (name, "h2")


def test_a_site_is_told_that_it_is_https_and_gets_its_cookies(secure: httpx.Client) -> None:
    held = {"Cookie": "__Host-ts_at=old-token; __Host-id_session=alive; ts_at=without-prefix"}
    answer = secure.get("/", headers=held)
    assert passed_on(answer)["X-Forwarded-Proto"] == "https"
    assert passed_on(answer)["Host"] == secure.base_url.netloc.decode()
    assert cookies_of(answer) == {"__Host-ts_at=new-token", "__Host-ts_fresh=1"}


def test_every_answer_keeps_browsers_on_https(secure: httpx.Client) -> None:
    own = [secure.get("/internal/"), secure.get("/", headers={"Host": "127.0.0.1"})]
    sites = [secure.get(path) for path in ("/", "/accounts/x", "/static/inventory/a.css")]
    assert [answer.status_code for answer in own + sites] == [404, 308, 200, 200, 200]
    for answer in own + sites:
        assert answer.headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]
    assert own[0].text == (ERRORS / "404.html").read_text()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "other.example"])
def test_http_leads_to_https_and_says_nothing_else(secure: httpx.Client, host: str) -> None:
    plain = f"http://127.0.0.1:{secure.plain}"  # type: ignore[attr-defined]
    answer = httpx.get(f"{plain}/products/?q=x", headers={"Host": host})
    assert answer.status_code == 308
    assert answer.headers["Location"] == str(secure.base_url.join("/products/?q=x"))
    assert "Strict-Transport-Security" not in answer.headers
    assert httpx.get(f"{plain}/internal/", headers={"Host": host}).status_code == 404
    ready = httpx.get(f"{plain}/accounts/.well-known/jwks.json", headers={"Host": host})
    assert passed_on(ready)["X-Forwarded-Proto"] == "https"


def test_http_at_the_port_of_https_leads_there_too(secure: httpx.Client) -> None:
    answer = httpx.get(f"http://localhost:{secure.base_url.port}/products/?q=x")
    assert answer.status_code == 308
    assert answer.headers["Location"] == str(secure.base_url.join("/products/?q=x"))
