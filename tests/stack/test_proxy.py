"""What the real Nginx passes on and keeps back, seen by two servers that repeat what they got."""

import base64
import hashlib
import json
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from embedded import nginx, processes
from tests.stack_fixture import free_port, new_data_dir

ERRORS = nginx.PROXY / "errors"


class Repeater(BaseHTTPRequestHandler):
    """Answers every request with its own headers."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        got = {"site": self.connection.getsockname()[1], "headers": dict(self.headers.items())}
        body = json.dumps(got).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-ID", "made up by the site")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name http.server looks for

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def identity() -> Iterator[ThreadingHTTPServer]:
    yield from served()


@pytest.fixture(scope="module")
def inventory() -> Iterator[ThreadingHTTPServer]:
    yield from served()


def served() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", free_port()), Repeater) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module", params=["http://localhost:{}", "http://stock.example.com:{}"])
def proxy(
    request: pytest.FixtureRequest,
    identity: ThreadingHTTPServer,
    inventory: ThreadingHTTPServer,
) -> Iterator[httpx.Client]:
    """Yield a client of Nginx in front of both, for a trusted origin and one that is not."""
    folder, port = new_data_dir().parent, free_port()
    origin = request.param.format(port)
    values = nginx.variables(
        public_origin=origin,
        listen=f"127.0.0.1:{port}",
        identity=f"127.0.0.1:{identity.server_port}",
        inventory=f"127.0.0.1:{inventory.server_port}",
        run_dir=str(folder / "nginx"),
        access_log=str(folder / "nginx/access.log"),
    )
    processes.give_to_daemons(folder)
    prefix = nginx.write_prefix(folder / "nginx", values)
    process = processes.start(
        nginx.command(prefix, copies=folder / "programs"),
        environment={},
        directory=folder,
        stop_signal=signal.SIGTERM,
        uid=processes.daemon_uid(),
    )
    transport = httpx.HTTPTransport(retries=5)
    headers = {"Host": origin.partition("//")[2]}
    with httpx.Client(
        transport=transport, base_url=f"http://127.0.0.1:{port}", headers=headers
    ) as client:
        yield client
    processes.stop(process, stop_signal=signal.SIGTERM, seconds=10)
    shutil.rmtree(folder)


def passed_on(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200
    headers: dict[str, str] = answer.json()["headers"]
    return headers


def cookies_of(answer: httpx.Response) -> set[str]:
    return {pair for pair in passed_on(answer).get("Cookie", "").split("; ") if pair}


@pytest.fixture
def cookies(proxy: httpx.Client) -> dict[str, str]:
    """Everything a browser may hold, in the form that fits the origin."""
    prefix = "__Host-" if "localhost" in proxy.headers["Host"] else ""
    own = ("ts_at", "id_session", "id_csrf", "inv_session", "inv_csrf", "inv_messages")
    held = {name: f"{prefix}{name}=value-of-{name}" for name in own}
    shared = {"theme": "theme=dark", "django_language": "django_language=pt-br"}
    return held | shared | {"other": "sessionid=not-ours"}


@pytest.mark.parametrize(
    "path",
    ["/internal/", "/internal/x", "/accounts/internal/renew", "/metrics", "/accounts/metrics"],
)
def test_internal_addresses_do_not_exist_outside(proxy: httpx.Client, path: str) -> None:
    answer = proxy.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["//internal/", "/%69nternal/", "/x/../internal/", "/./internal/"])
def test_no_spelling_of_an_internal_address_reaches_a_site(proxy: httpx.Client, path: str) -> None:
    url = httpx.URL(str(proxy.base_url), raw_path=path.encode())
    assert proxy.get(url).status_code == 404


def test_what_a_client_claims_about_itself_is_overwritten(proxy: httpx.Client) -> None:
    claims = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.1.1.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Real-IP": "10.1.1.1",
        "Forwarded": "for=10.1.1.1;proto=https",
        "X-Request-ID": "chosen by the client",
    }
    got = passed_on(proxy.get("/accounts/x", headers=claims))
    assert got["Host"] == proxy.headers["Host"]
    assert got["X-Forwarded-Proto"] == "http"
    assert got["X-Forwarded-For"] == got["X-Real-IP"] == "127.0.0.1"
    assert not {"X-Forwarded-Host", "X-Forwarded-Port", "Forwarded"} & got.keys()
    assert re.fullmatch("[0-9a-f]{32}", got["X-Request-ID"])


def test_inventory_gets_its_own_cookies_only(proxy: httpx.Client, cookies: dict[str, str]) -> None:
    answer = proxy.get("/", headers={"Cookie": "; ".join(cookies.values())})
    own = ("ts_at", "inv_session", "inv_csrf", "inv_messages", "theme", "django_language")
    assert cookies_of(answer) == {cookies[name] for name in own}


def test_identity_gets_its_own_cookies_only(proxy: httpx.Client, cookies: dict[str, str]) -> None:
    answer = proxy.get("/accounts/x", headers={"Cookie": "; ".join(cookies.values())})
    own = ("ts_at", "id_session", "id_csrf", "theme", "django_language")
    assert cookies_of(answer) == {cookies[name] for name in own}


def test_a_cookie_whose_name_only_ends_like_ours_is_nobodys(proxy: httpx.Client) -> None:
    names = ("xts_at", "x-__Host-ts_at", "xtheme", "x__Host-id_session", "__Host-theme")
    cookie = "; ".join(f"{name}=x" for name in names)
    assert cookies_of(proxy.get("/", headers={"Cookie": cookie})) == set()


def test_static_files_are_asked_for_without_cookies(
    proxy: httpx.Client, cookies: dict[str, str]
) -> None:
    headers = {"Cookie": "; ".join(cookies.values()), "Authorization": "Bearer x"}
    for path in ("/static/inventory/a.css", "/static/identity/a.css"):
        assert not {"Cookie", "Authorization"} & passed_on(proxy.get(path, headers=headers)).keys()


def test_each_address_reaches_its_site(
    proxy: httpx.Client, identity: ThreadingHTTPServer, inventory: ThreadingHTTPServer
) -> None:
    for path in ("/accounts/login/", "/accounts/x", "/static/identity/b.css"):
        assert proxy.get(path).json()["site"] == identity.server_port
    for path in ("/", "/products/x/", "/accountsx/", "/static/inventory/b.css", "/imports/"):
        assert proxy.get(path).json()["site"] == inventory.server_port


def test_the_answer_names_the_request_once(proxy: httpx.Client) -> None:
    answer = proxy.get("/")
    assert answer.headers.get_list("X-Request-ID") == [passed_on(answer)["X-Request-ID"]]


def test_a_body_that_is_too_large_gets_a_page_of_our_own(proxy: httpx.Client) -> None:
    body = b"x" * (2 * 1024 * 1024 + 1)
    answer = proxy.post("/products/new/", content=body)
    assert answer.status_code == 413
    assert answer.text == (ERRORS / "413.html").read_text()
    assert proxy.post("/imports/", content=body).status_code == 200


def test_programs_get_problem_documents(proxy: httpx.Client) -> None:
    answer = proxy.post("/api/v1/products/", content=b"x" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 413


def test_another_host_name_is_sent_to_the_real_address(proxy: httpx.Client) -> None:
    answer = proxy.get("/products/?q=x", headers={"Host": "127.0.0.1"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"http://{proxy.headers['Host']}/products/?q=x"


def test_machines_may_ask_for_health_and_keys_under_any_name(proxy: httpx.Client) -> None:
    for path in ("/healthz", "/readyz", "/accounts/healthz", "/accounts/.well-known/jwks.json"):
        got = passed_on(proxy.get(path, headers={"Host": "proxy:8080"}))
        assert got["Host"] == proxy.headers["Host"]


def test_the_version_of_nginx_is_nobodys_business(proxy: httpx.Client) -> None:
    assert proxy.get("/internal/").headers["Server"] == "nginx"


def test_guessing_passwords_is_slowed_down_and_people_are_not(proxy: httpx.Client) -> None:
    burst = [proxy.post("/accounts/login/").status_code for _ in range(40)]
    assert set(burst) == {200}
    flood = [proxy.post("/accounts/login/") for _ in range(60)]
    refused = [answer for answer in flood if answer.status_code == 429]
    assert refused
    assert refused[0].text == (ERRORS / "429.html").read_text()
    assert proxy.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("page", sorted(ERRORS.glob("*.html")), ids=lambda page: page.name)
def test_the_policy_of_nginx_pages_allows_exactly_their_style(page: Path) -> None:
    style = re.search("<style>(.*)</style>", page.read_text(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in (nginx.PROXY / "own_answer.conf").read_text()
