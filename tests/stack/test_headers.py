"""What people's browsers get from the running system."""

import httpx
import pytest

from tests.stack_fixture import Stack


def test_pages_come_compressed_with_a_policy_and_a_request_id(stack: Stack) -> None:
    answer = httpx.get(f"{stack.origin}/accounts/login/", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.headers.get_list("X-Request-ID")) == 1


ONCE = (
    *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"),
    *("Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"),
    "X-Request-ID",
)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/healthz", "/nowhere/", "/imports/", "/accounts/login/", "/accounts/nowhere/"),
        *("/accounts/.well-known/jwks.json", "/accounts/api/v1/profile/", "/internal/"),
        *("/static/identity/nothing.css", "/accounts/_allauth/app/v1/config"),
    ],
)
def test_every_answer_of_both_sites_is_guarded_once(stack: Stack, path: str) -> None:
    answer = httpx.get(stack.origin + path)
    assert {name: len(answer.headers.get_list(name)) for name in ONCE} == dict.fromkeys(ONCE, 1)


def test_what_gunicorn_itself_refuses_is_guarded_too(stack: Stack) -> None:
    answer = httpx.get(stack.origin, headers={f"X-Header-{n}": "x" for n in range(150)})
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_addresses_and_cookies_as_long_as_nginx_takes_reach_a_site(stack: Stack) -> None:
    for path in ("/", "/accounts/login/"):
        for query, cookie in (("x" * 8_000, ""), ("", f"theme={'x' * 8_000}")):
            answer = httpx.get(f"{stack.origin}{path}?q={query}", headers={"Cookie": cookie})
            assert answer.status_code in {200, 302}


def test_static_files_are_hashed_compressed_and_kept_for_ever(stack: Stack) -> None:
    page = httpx.get(f"{stack.origin}/accounts/login/").text
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    for encoding in ("gzip", "identity"):
        answer = httpx.get(stack.origin + path, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers.get("Content-Encoding", "identity") == encoding


def test_a_person_who_is_signed_out_is_sent_to_sign_in(stack: Stack) -> None:
    answer = httpx.get(f"{stack.origin}/?q=C9300")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/%3Fq%3DC9300"


def test_one_body_of_a_megabyte_is_refused_with_a_sentence_not_an_error(stack: Stack) -> None:
    answer = httpx.post(f"{stack.origin}/accounts/login/", content=b"x" * 1_000_000)
    assert 400 <= answer.status_code < 500
