"""What every answer says to a browser, and how Nginx speaks when it answers itself."""

import base64
import hashlib
import json
import re
import socket
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest

from embedded import nginx
from tests.stack.door import ERRORS, Site, door
from tests.stack_fixture import free_port

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What makes Nginx answer without a site, and with which status: method, address, headers.
OWN = [
    ("GET", "/x", {"Bad Header": "x"}, 400),
    ("GET", "/%00", {}, 400),
    ("G\x01T", "/", {}, 400),
    ("GET", "/x", {"Host": "x@y z"}, 400),
    ("GET", "/x", {"Transfer-Encoding": "nonsense"}, 400),
    ("GET", "/internal/", {}, 404),
    ("TRACE", "/x", {}, 405),
    ("CONNECT", "stock.example.com:443", {}, 405),
    ("POST", "/x", {"Content-Length": str(2**21 + 1)}, 413),
    ("POST", "/accounts/x", {"Content-Length": str(2**16 + 1)}, 413),
    ("POST", "/accounts/login/", {"Content-Length": str(2**16 + 1)}, 413),
    ("POST", "/imports/", {"Content-Length": str(20 * 2**20 + 1)}, 413),
    ("GET", f"/{'x' * 9000}", {}, 414),
    ("GET", "/x", {"X-Long": "x" * 9000}, 431),
]


def ask(proxy: httpx.Client, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    """Send what no decent client would send, and return the answer."""
    sent = {"Host": proxy.headers["Host"], "Connection": "close"} | headers
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    with socket.create_connection((proxy.base_url.host, proxy.base_url.port or 80)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = HTTPResponse(connection)
        answer.begin()
        return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())


def assert_guarded(answer: httpx.Response, policy: str) -> None:
    """Check that each header of ours is there exactly once."""
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    (content_policy,) = answer.headers.get_list("Content-Security-Policy")
    assert content_policy.startswith(policy)
    (request_id,) = answer.headers.get_list("X-Request-ID")
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert answer.headers["Server"] == "nginx"


@pytest.mark.parametrize(("method", "path", "headers", "status"), OWN)
def test_nginx_answers_in_our_look(
    proxy: httpx.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(proxy, method, path, headers)
    assert answer.status_code == status
    assert answer.text == (ERRORS / f"{status}.html").read_text()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert_guarded(answer, "default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("path", ["/api/v1/x/", "/accounts/api/v1/x/", "/accounts/_allauth/x"])
def test_programs_get_problem_documents(proxy: httpx.Client, path: str) -> None:
    for method, headers, status in (
        ("POST", {"Content-Length": str(2**21 + 1)}, 413),
        ("TRACE", {}, 405),
        ("GET", {"X-Long": "x" * 9000}, 431),
    ):
        answer = ask(proxy, method, path, headers)
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert_guarded(answer, "default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize(
    "path", ["/", "/accounts/x", "/imports/", "/healthz", "/static/inventory/a.css", "/api/v1/x/"]
)
def test_what_a_site_says_is_guarded_too_and_no_header_comes_twice(
    proxy: httpx.Client, path: str
) -> None:
    answer = proxy.get(path)
    assert_guarded(answer, "default-src 'none'; base-uri 'none'")
    assert answer.json()["headers"]["X-Request-ID"] == answer.headers["X-Request-ID"]
    assert_guarded(proxy.get(f"{path}?policy"), "the policy of a page")
    assert "Strict-Transport-Security" not in answer.headers


def test_a_redirect_to_the_real_address_is_guarded(proxy: httpx.Client) -> None:
    answer = proxy.get("/", headers={"Host": "127.0.0.1"})
    assert_guarded(answer, "default-src 'none'")


def test_bodies_up_to_the_limit_of_their_address_pass(proxy: httpx.Client) -> None:
    for path, limit in (("/accounts/x", 2**16), ("/x", 2**21), ("/imports/", 20 * 2**20)):
        assert proxy.post(path, content=b"x" * limit).json()["length"] == limit


def test_a_site_that_is_away_is_said_in_our_look(identity: Site) -> None:
    port = free_port()
    where = f"127.0.0.1:{identity.server_port}"
    with door(
        f"https://localhost:{port}", port=port, identity=where, inventory="127.0.0.1:9"
    ) as proxy:
        page, problem = proxy.get("/"), proxy.get("/api/v1/products/")
    assert (page.status_code, page.text) == (502, (ERRORS / "502.html").read_text())
    assert problem.json()["status"] == 502
    for answer in (page, problem):
        assert_guarded(answer, "default-src 'none'; style-src 'sha256-")
        # https is spoken by somebody in front of Nginx here; with its own: test_proxy_tls.py
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("page", sorted(ERRORS.glob("*.html")), ids=lambda page: page.name)
def test_the_pages_of_nginx_have_the_style_that_their_policy_allows(page: Path) -> None:
    style = re.search("<style>(.*)</style>", page.read_text(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in (nginx.PROXY / "own_answer.conf").read_text()
    problem = json.loads(page.with_suffix(".json").read_text())
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert str(problem["status"]) == page.stem


def test_a_page_behind_a_mailed_link_does_not_tell_others_its_address(
    proxy: httpx.Client,
) -> None:
    answer = proxy.get("/accounts/invitations/one-time-key/")
    assert answer.headers["Referrer-Policy"] == "strict-origin"
