"""What becomes of the identity site's answer when the proxy asks it for a new token."""

import os
from typing import Any

import httpx
import pytest

from tests.stack.door import (
    NEW_TOKEN,
    RENEWAL,
    SESSION_ENDS,
    Site,
    cookies_of,
    door,
    held,
    repeated,
)
from tests.stack_fixture import free_port

MEGABYTES_20 = os.urandom(20 * 1024 * 1024 - 1)


@pytest.mark.parametrize("path", ["/", "/imports/", "/admin/", "/api/v1/products/?q=x"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_new_token_goes_on_with_the_request_and_back_with_the_answer(
    proxy: httpx.Client, prefix: str, asked: list[Any], method: str, path: str
) -> None:
    content = b"kind=receipt" if method == "POST" else b""
    answer = proxy.request(method, path, headers=held(prefix, "alive"), content=content)
    got = repeated(answer)
    assert (got["method"], got["path"], got["length"]) == (method, path, len(content))
    new = {f"{prefix}ts_at=new-token", f"{prefix}ts_fresh=1", f"{prefix}inv_csrf=c"}
    assert cookies_of(answer) == new
    assert answer.headers.get_list("Set-Cookie") == [text.format(prefix) for text in NEW_TOKEN]
    assert len(asked) == 1


def test_identity_is_asked_with_the_session_and_nothing_of_the_request(
    proxy: httpx.Client, prefix: str, asked: list[Any]
) -> None:
    claims = {"X-Real-IP": "10.1.1.1", "X-Forwarded-Proto": "https", "X-Anything": "else"}
    headers = held(prefix, "alive") | claims | {"User-Agent": "a browser"}
    proxy.post("/imports/", headers=headers, content=b"file")
    (question,) = asked
    assert (question["method"], question["path"], question["length"]) == ("GET", RENEWAL, 0)
    got = question["headers"]
    assert got["Cookie"] == f"{prefix}id_session=alive; "
    assert got["User-Agent"] == "a browser"
    assert (got["X-Real-IP"], got["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
    assert not {"X-Anything", "Content-Length", "Content-Type"} & got.keys()


def test_an_upload_of_twenty_megabytes_is_renewed_on_its_way(
    proxy: httpx.Client, prefix: str, asked: list[Any]
) -> None:
    headers = held(prefix, "alive")
    answer = proxy.post("/imports/", headers=headers, content=MEGABYTES_20)
    assert repeated(answer)["length"] == len(MEGABYTES_20)
    assert f"{prefix}ts_at=new-token" in cookies_of(answer)
    assert len(asked) == 1


def test_a_new_token_that_is_already_being_revoked_comes_without_the_marker(
    proxy: httpx.Client, prefix: str
) -> None:
    answer = proxy.get("/", headers=held(prefix, "alive-revoked"))
    assert cookies_of(answer) == {f"{prefix}ts_at=new-token", f"{prefix}inv_csrf=c"}


@pytest.mark.parametrize("session", ["dead", "unproven"])
def test_a_session_that_has_no_right_to_a_token_loses_the_one_it_had(
    proxy: httpx.Client, prefix: str, session: str
) -> None:
    answer = proxy.get("/", headers=held(prefix, session))
    assert cookies_of(answer) == {f"{prefix}inv_csrf=c"}
    ends = SESSION_ENDS[: 3 if session == "dead" else 2]
    assert answer.headers.get_list("Set-Cookie") == [text.format(prefix) for text in ends]


@pytest.mark.parametrize(
    "session", [f"error-{n}" for n in (302, 400, 401, 403, 404, 500)] + ["hung"]
)
def test_an_identity_site_that_cannot_answer_leaves_the_old_token_good(
    proxy: httpx.Client, prefix: str, session: str
) -> None:
    answer = proxy.post("/", headers=held(prefix, session), content=b"kind=receipt")
    assert repeated(answer)["length"] == 12
    old = {f"{prefix}ts_at=old-token", f"{prefix}ts_fresh=retry", f"{prefix}inv_csrf=c"}
    assert cookies_of(answer) == old
    secure = "; Secure" if prefix else ""
    retry = f"{prefix}ts_fresh=retry; Max-Age=15; Path=/; HttpOnly; SameSite=Lax{secure}"
    assert answer.headers.get_list("Set-Cookie") == [retry]


def test_the_new_token_reaches_the_browser_also_when_inventory_is_away(identity: Site) -> None:
    port = free_port()
    identity.prefix = "__Host-"
    with door(
        f"http://localhost:{port}",
        port=port,
        identity=f"127.0.0.1:{identity.server_port}",
        inventory="unix:/nowhere/inventory.sock",
    ) as proxy:
        answer = proxy.get("/", headers=held("__Host-", "alive"))
    assert answer.status_code == 502
    assert answer.headers.get_list("Set-Cookie") == [text.format("__Host-") for text in NEW_TOKEN]
