"""Which cookies and claims reach which site."""

import re

import httpx
import pytest

from tests.stack.door import cookies_of, passed_on

IDENTITYS = ("id_session", "id_csrf", "id_known")
INVENTORYS = ("ts_at", "inv_session", "inv_csrf", "inv_messages")
OWN = (*IDENTITYS, *INVENTORYS, "ts_fresh")


@pytest.fixture
def cookies(prefix: str) -> dict[str, str]:
    """Everything a browser may hold, in the form that fits the origin."""
    held = {name: f"{prefix}{name}=value-of-{name}" for name in OWN}
    shared = {"theme": "theme=dark", "django_language": "django_language=pt-br"}
    return held | shared | {"other": "sessionid=not-ours"}


def test_inventory_gets_its_own_cookies_only(proxy: httpx.Client, cookies: dict[str, str]) -> None:
    answer = proxy.get("/", headers={"Cookie": "; ".join(cookies.values())})
    own = {"ts_at", "ts_fresh", "inv_session", "inv_csrf", "inv_messages"}
    assert cookies_of(answer) == {cookies[name] for name in own | {"theme", "django_language"}}


def test_identity_gets_its_own_cookies_only(proxy: httpx.Client, cookies: dict[str, str]) -> None:
    answer = proxy.get("/accounts/x", headers={"Cookie": "; ".join(cookies.values())})
    own = {"ts_at", "ts_fresh", "id_session", "id_csrf", "id_known"}
    assert cookies_of(answer) == {cookies[name] for name in own | {"theme", "django_language"}}


def test_a_cookie_whose_name_only_ends_like_ours_is_nobodys(proxy: httpx.Client) -> None:
    names = ("xts_at", "x-__Host-ts_at", "xtheme", "x__Host-id_session", "__Host-theme", "TS_AT")
    cookie = "; ".join(f"{name}=x" for name in names)
    assert cookies_of(proxy.get("/", headers={"Cookie": cookie})) == set()


@pytest.mark.parametrize("name", INVENTORYS)
def test_of_two_cookies_with_one_name_the_first_counts(
    proxy: httpx.Client, prefix: str, name: str
) -> None:
    pair = f"{prefix}{name}"
    for sent in (
        [("Cookie", f"{pair}=first; {pair}=second")],
        [("Cookie", f"{pair}=first;{pair}=second")],
        [("Cookie", f"{pair}=first"), ("Cookie", f"{pair}=second")],
    ):
        assert cookies_of(proxy.get("/", headers=sent)) == {f"{pair}=first"}


def test_static_files_are_asked_for_without_cookies(
    proxy: httpx.Client, cookies: dict[str, str]
) -> None:
    headers = {"Cookie": "; ".join(cookies.values()), "Authorization": "Bearer x"}
    for path in ("/static/inventory/a.css", "/static/identity/a.css"):
        assert not {"Cookie", "Authorization"} & passed_on(proxy.get(path, headers=headers)).keys()


def test_what_a_program_says_to_prove_itself_reaches_both_sites(proxy: httpx.Client) -> None:
    headers = {"Authorization": "Bearer a.b.c", "X-Session-Token": "s", "Idempotency-Key": "k"}
    for path in ("/api/v1/products/", "/accounts/_allauth/app/v1/auth/session"):
        assert headers.items() <= passed_on(proxy.get(path, headers=headers)).items()


def test_what_a_client_claims_about_itself_is_overwritten(proxy: httpx.Client) -> None:
    claims = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.1.1.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
        "X-Real-IP": "10.1.1.1",
        "Forwarded": "for=10.1.1.1;proto=https",
        "X-Request-ID": "chosen by the client",
        "Proxy": "http://evil.example/",
        # gunicorn takes these two from a proxy it trusts, and reads underscores as dashes
        "SCRIPT_NAME": "/evil",
        "X_Forwarded_Proto": "https",
        # of one connection only, and so no site's business
        "TE": "trailers",
        "Upgrade": "websocket",
        "Keep-Alive": "timeout=99",
        "Connection": "Upgrade, X-Real-IP",
    }
    for path in ("/", "/accounts/x"):
        got = passed_on(proxy.get(path, headers=claims))
        assert got["Host"] == proxy.headers["Host"]
        assert got["X-Forwarded-Proto"] == "http"
        assert got["X-Forwarded-For"] == got["X-Real-IP"] == "127.0.0.1"
        assert re.fullmatch("[0-9a-f]{32}", got["X-Request-ID"])
        kept = {"X-Forwarded-Proto", "X-Forwarded-For", "X-Real-IP", "X-Request-ID"}
        assert got.keys() & claims.keys() == kept


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("application/json; charset=utf-16", "application/json"),
        ("application/x-www-form-urlencoded;charset=zlib", "application/x-www-form-urlencoded"),
        ("text/plain", "text/plain"),
        ("multipart/form-data; boundary=--a1", "multipart/form-data; boundary=--a1"),
        (
            'multipart/form-data; charset=idna; boundary="a b"; charset=x',
            'multipart/form-data; boundary="a b"',
        ),
    ],
)
def test_a_site_is_told_what_is_sent_but_no_charset(
    proxy: httpx.Client, sent: str, told: str
) -> None:
    answer = proxy.post("/", headers={"Content-Type": sent}, content=b"x")
    assert passed_on(answer)["Content-Type"] == told
