"""When the proxy asks the identity site for a new token, and when it asks nobody."""

from typing import Any

import httpx
import pytest

from tests.stack.door import cookies_of, held, passed_on


@pytest.mark.parametrize(
    "path",
    [
        *("/healthz", "/readyz", "/static/inventory/a.css", "/static/identity/a.css"),
        *("/accounts/x", "/accounts/login/", "/internal/"),
    ],
)
def test_addresses_that_need_no_token_ask_for_none(
    proxy: httpx.Client, prefix: str, asked: list[Any], path: str
) -> None:
    proxy.get(path, headers=held(prefix, "alive"))
    assert not asked


def test_nothing_is_asked_while_the_marker_is_there(
    proxy: httpx.Client, prefix: str, asked: list[Any]
) -> None:
    for marker in ("1", "retry"):
        answer = proxy.get("/", headers=held(prefix, "alive", ts_fresh=marker))
        assert {f"{prefix}ts_at=old-token", f"{prefix}ts_fresh={marker}"} < cookies_of(answer)
        assert "Set-Cookie" not in answer.headers
    assert not asked


def test_nothing_is_asked_without_a_session(
    proxy: httpx.Client, prefix: str, asked: list[Any]
) -> None:
    answer = proxy.get("/", headers={"Cookie": f"{prefix}ts_at=old-token"})
    assert cookies_of(answer) == {f"{prefix}ts_at=old-token"}
    assert not asked


@pytest.mark.parametrize("proof", ["Bearer a.b.c", "Basic eDp5", "x"])
def test_nothing_is_asked_for_a_program_that_proves_itself(
    proxy: httpx.Client, prefix: str, asked: list[Any], proof: str
) -> None:
    headers = held(prefix, "alive") | {"Authorization": proof}
    answer = proxy.get("/api/v1/products/", headers=headers)
    assert passed_on(answer)["Authorization"] == proof
    assert "Set-Cookie" not in answer.headers
    assert not asked


def test_nothing_that_a_client_or_a_site_says_passes_for_a_renewal(
    proxy: httpx.Client, prefix: str
) -> None:
    secrets = {"X-Access-Token": "forged", "X-Set-Cookie-1": "a=b", "X-Set-Cookie-2": "c=d"}
    answer = proxy.get("/", headers=held(prefix, "alive", ts_fresh="1") | secrets)
    assert f"{prefix}ts_at=old-token" in cookies_of(answer)
    for path in ("/", "/accounts/x"):
        answer = proxy.get(path, headers=held(prefix, "alive"))
        assert not {n for n in answer.headers if n.startswith(("x-access", "x-set-cookie"))}
