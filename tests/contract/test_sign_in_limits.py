"""Guessing is stopped after so many tries, however many workers, doors and addresses one tries."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from tests.contract.conftest import Cookies, form_token
from tests.stack_fixture import Stack, free_port, new_data_dir

CROWD = 16
TRIED, REFUSED, IN = "tried", "refused", "in"

Attempt = Callable[[str], str]
Door = Callable[["Stack", str], Attempt]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A system of our own, with four workers of each site."""
    running = Stack(new_data_dir(), port=free_port(), WEB_CONCURRENCY="4")
    running.start()
    try:
        assert len(running.pids("identity_site.wsgi")) == 1 + 4
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.data_dir.parent)


def client(stack: Stack, ip: str, **headers: str) -> httpx.Client:
    """Return a browser at one of this machine's own addresses, all of which begin with 127."""
    jar = Cookies()
    return httpx.Client(
        base_url=f"http://127.0.0.1:{stack.port}",
        headers={
            "Host": f"localhost:{stack.port}",
            "Origin": stack.origin,
            "Connection": "close",  # so that nobody has to close the client
            **headers,
        },
        event_hooks={"request": [jar.sign], "response": [jar.keep]},
        transport=httpx.HTTPTransport(local_address=ip),
        timeout=60,
    )


def verdict(answer: httpx.Response, *, let_in: int, tried: int, refusal: str) -> str:
    """Tell what became of a password. In a crowd some are refused unheard, with 429."""
    if answer.status_code == let_in:
        return IN
    assert answer.status_code in (tried, 429), answer.text
    return REFUSED if answer.status_code == 429 or refusal in answer.text else TRIED


def page(stack: Stack, ip: str, address: str, **headers: str) -> Attempt:
    """Open the sign-in page; what is returned sends a password."""
    browser = client(stack, ip, **headers)
    token = form_token(browser.get("/accounts/login/"))

    def attempt(password: str) -> str:
        form = {"login": address, "password": password, "csrfmiddlewaretoken": token}
        answer = browser.post("/accounts/login/", data=form)
        return verdict(answer, let_in=302, tried=200, refusal="Too many attempts.")

    return attempt


def program(stack: Stack, ip: str, address: str, **headers: str) -> Attempt:
    """Sign in as programs do."""
    api = client(stack, ip, **headers)

    def attempt(password: str) -> str:
        form = {"email": address, "password": password}
        answer = api.post("/accounts/_allauth/app/v1/auth/login", json=form)
        return verdict(answer, let_in=200, tried=400, refusal="too_many_login_attempts")

    return attempt


def all_at_once(attempts: list[Attempt], password: str) -> Counter[str]:
    """Make every attempt in the same moment and count what came of them."""
    start = Barrier(len(attempts))

    def make(attempt: Attempt) -> str:
        start.wait()
        return attempt(password)

    with ThreadPoolExecutor(len(attempts)) as crowd:
        return Counter(crowd.map(make, attempts))


@pytest.mark.parametrize(
    ("who", "doors"),
    [("viewer", [page]), ("operator", [program]), ("manager", [page, program])],
    ids=["page", "program", "both"],
)
def test_of_many_wrong_passwords_at_once_exactly_five_are_tried(
    stack: Stack, who: str, doors: list[Callable[..., Attempt]]
) -> None:
    address = f"{who}@techstock.example"
    crowd = [doors[n % len(doors)](stack, f"127.1.0.{n + 1}", address) for n in range(CROWD)]
    assert all_at_once(crowd, "a wrong guess") == {TRIED: 5, REFUSED: CROWD - 5}
    for door in (page, program):
        assert door(stack, "127.2.0.1", address)(stack.demo_password) == REFUSED
    other = page(stack, "127.2.0.1", "admin@techstock.example")
    assert other(stack.demo_password) == IN


@pytest.mark.parametrize(("door", "ip"), [(page, "127.3.0.1"), (program, "127.3.0.2")])
def test_whatever_an_address_claims_to_be_it_has_ten_tries(
    stack: Stack, door: Callable[..., Attempt], ip: str
) -> None:
    crowd = []
    for number in range(CROWD):
        claim = f"198.51.100.{number}"
        forged = {
            "X-Real-IP": claim,
            "X-Forwarded-For": claim,
            "Forwarded": f"for={claim}",
            "X-Client-IP": claim,
            "True-Client-IP": claim,
            "CF-Connecting-IP": claim,
        }
        crowd.append(door(stack, ip, f"ghost{number}@techstock.example", **forged))
    assert all_at_once(crowd, "a wrong guess") == {TRIED: 10, REFUSED: CROWD - 10}


def test_of_many_requests_for_a_code_at_once_exactly_three_are_mailed(stack: Stack) -> None:
    address = "operator@techstock.example"

    def ask(number: int) -> Attempt:
        browser = client(stack, f"127.4.0.{number + 1}")
        token = form_token(browser.get("/accounts/login/code/"))

        def attempt(_password: str) -> str:
            form = {"email": address, "csrfmiddlewaretoken": token}
            answer = browser.post("/accounts/login/code/", data=form)
            return TRIED if answer.status_code == 302 else REFUSED

        return attempt

    assert all_at_once([ask(n) for n in range(CROWD)], "") == {TRIED: 3, REFUSED: CROWD - 3}
    mails = [mail.read_text() for mail in stack.mail_folder.iterdir()]
    assert sum(f"To: {address}" in mail for mail in mails) == 3
