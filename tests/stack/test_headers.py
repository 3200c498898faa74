"""What people's browsers get from the running system."""

import httpx

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
