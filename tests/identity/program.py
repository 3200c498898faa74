"""A program that signs somebody in: JSON out and in, no cookies of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client

from identity_site.accounts.models import User
from tests.identity.conftest import PASSWORD

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

APP = "/accounts/_allauth/app/v1"
JSON = "application/json"


def call(
    client: Client, method: str, path: str, data: Any = None, *, session: str = "", **headers: str
) -> Answer:
    """Call allauth's API; `session` is the session token, if there is one yet."""
    if session:
        headers["x-session-token"] = session
    body = {} if data is None else {"data": data, "content_type": JSON}
    send = getattr(client, method)
    answer: Answer = send(f"{APP}/{path}", **body, headers=headers)
    return answer


def meta(answer: Answer) -> dict[str, Any]:
    """Return the part of an answer that holds the credentials."""
    found: dict[str, Any] = answer.json().get("meta", {})
    return found


def sign_in_program(client: Client, user: User) -> dict[str, Any]:
    """Sign somebody in by password and return the credentials."""
    answer = call(client, "post", "auth/login", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return meta(answer)


def refresh(client: Client, token: Any) -> Answer:
    """Ask for a new access token."""
    return call(client, "post", "tokens/refresh", {"refresh_token": token})


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"authorization": f"Bearer {token}"}
