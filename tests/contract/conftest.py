"""People who signed in on the identity site, as plain HTTP clients of both."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.stack_fixture import Stack

Person = Callable[[str], httpx.Client]


class Cookies(dict[str, str]):
    """All cookies of one origin, sent every time.

    A browser treats http://localhost as safe and sends `Secure` cookies there; httpx does not.
    """

    def sign(self, request: httpx.Request) -> None:
        """Put the cookies into a request."""
        request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.items())

    def keep(self, response: httpx.Response) -> None:
        """Keep what a response sets, and forget what it clears."""
        for header in response.headers.get_list("set-cookie"):
            name, _equals, rest = header.partition("=")
            value = rest.partition(";")[0].strip('"')
            self[name] = value
            if re.search(r"max-age=0\b", header, re.IGNORECASE):
                del self[name]


def form_token(page: httpx.Response) -> str:
    """The CSRF token of a page's main form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


def make_personal_token(stack: Stack, browser: httpx.Client, name: str, *, scope: str) -> str:
    """Make one for whoever is signed in, on the pages, and return its secret."""
    proof = {"password": stack.demo_password}
    page = browser.get("/accounts/reauthenticate/")
    browser.post(
        "/accounts/reauthenticate/", data=proof | {"csrfmiddlewaretoken": form_token(page)}
    )
    page = browser.get("/accounts/tokens/new/")
    form = {"name": name, "scope": scope, "days": "30", "csrfmiddlewaretoken": form_token(page)}
    assert browser.post("/accounts/tokens/new/", data=form).status_code == 302
    found = re.search(r"techstock_pat_[0-9a-f]{72}", browser.get("/accounts/tokens/").text)
    assert found
    return found.group()


@pytest.fixture
def signed_in(stack: Stack) -> Iterator[Person]:
    """Sign a demo person in and return their client; `cookies` of it are theirs alone."""
    clients: list[httpx.Client] = []

    def make(who: str) -> httpx.Client:
        jar = Cookies()
        hooks: dict[str, list[Callable[..., None]]] = {
            "request": [jar.sign],
            "response": [jar.keep],
        }
        client = httpx.Client(base_url=stack.origin, event_hooks=hooks, timeout=20)
        client.headers["Origin"] = stack.origin
        client.jar = jar  # type: ignore[attr-defined]
        clients.append(client)
        page = client.get("/accounts/login/")
        data = {"login": f"{who}@techstock.example", "password": stack.demo_password}
        answer = client.post(
            "/accounts/login/", data=data | {"csrfmiddlewaretoken": form_token(page)}
        )
        assert answer.status_code == 302, answer.text
        return client

    yield make
    for client in clients:
        client.close()
