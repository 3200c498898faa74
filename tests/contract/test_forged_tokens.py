"""The battery through the real Nginx: forged and odd tokens by cookie and as bearer."""

import json
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import jwt
import pytest

from embedded import secret_values
from tests.contract.conftest import Person
from tests.forged import battery
from tests.forged.issuer import Issuer
from tests.forged.requests import odd_authorizations, odd_cookies
from tests.stack_fixture import Stack

ACCESS = "__Host-ts_at"
SIGN_IN = "/accounts/login/?next=/transactions/"
# What unseals the key that the running identity site signs with.
PROGRAM = """
import json, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "identity_site.settings"
django.setup()
from identity_site.sealing import unseal
from identity_site.tokens.key_ring import ring
from identity_site.tokens.models import SigningKey
kid = ring.signing().kid
print(json.dumps({"kid": kid, "pem": unseal(SigningKey.objects.get(kid=kid).sealed)}))
"""
Figure = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """The part of an HTTP answer that says whether somebody was let in."""

    status: int
    head: str

    def has(self, line: str) -> bool:
        return line.lower() in self.head.lower().split("\r\n")

    @property
    def is_sent_to_sign_in(self) -> bool:
        return self.status == 302 and self.has(f"Location: {SIGN_IN}")

    @property
    def is_refused_as_a_program(self) -> bool:
        return self.status == 401 and self.has('WWW-Authenticate: Bearer error="invalid_token"')

    @property
    def is_no_request(self) -> bool:
        """Whether Nginx or gunicorn found that no request looks like this, or is this long."""
        return self.status in {400, 431}


def ask(stack: Stack, *headers: tuple[str, str]) -> Answer:
    """Ask for a page with headers that no client library would send."""
    lines = [f"Host: localhost:{stack.port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    request = "\r\n".join(["GET /transactions/ HTTP/1.1", *lines, "", ""]).encode()
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            answer = stream.read()
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    return Answer(int(head.split(" ")[1]), head)


@pytest.fixture(scope="module")
def real(stack: Stack) -> Issuer:
    """The running identity site: its own key, and claims as it makes them."""
    found = json.loads(stack.run("exec", "--", sys.executable, "-c", PROGRAM))
    return Issuer(found["pem"], found["kid"], {})


@pytest.fixture
def issuer(real: Issuer, signed_in: Person) -> Issuer:
    """The same, about to say something good of the operator."""
    token: str = signed_in("operator").jar[ACCESS]  # type: ignore[attr-defined]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    now = int(time.time())
    claims |= {"iat": now, "nbf": now, "exp": now + 900, "jti": uuid4().hex}
    return replace(real, claims=claims)


@pytest.fixture(params=["the real key", "a foreign key"])
def signer(issuer: Issuer, request: pytest.FixtureRequest) -> Issuer:
    """Who signs the forgeries: the issuer by mistake, or somebody who knows all but its key."""
    return issuer if request.param == "the real key" else thief_of(issuer)


def thief_of(issuer: Issuer) -> Issuer:
    return replace(issuer, pem=secret_values.signing_key())


def check(way: str, answers: dict[str, Answer], refused: Callable[[Answer], bool]) -> str:
    """Return a line of figures; fail unless every answer is a refusal."""
    odd = {n: a.status for n, a in answers.items() if not (refused(a) or a.is_no_request)}
    assert not odd
    reached = [answer.status for answer in answers.values() if not answer.is_no_request]
    assert len(reached) >= 150
    return (
        f"through Nginx, {way}: {len(answers)} variants, {len(reached)} of them up to the site:"
        f" 0 accepted, 0 answers of 5xx"
    )


def test_no_forged_token_gets_in_by_cookie(
    stack: Stack, issuer: Issuer, signer: Issuer, figure: Figure
) -> None:
    cookies = {name: f"{ACCESS}={token}" for name, token in battery(signer).items()}
    cookies |= {f"header: {name}": text for name, text in odd_cookies(issuer, ACCESS).items()}
    answers = {name: ask(stack, ("Cookie", text)) for name, text in cookies.items()}
    figure(check("by cookie", answers, lambda answer: answer.is_sent_to_sign_in))


def test_no_forged_token_gets_in_as_bearer_not_even_beside_a_good_cookie(
    stack: Stack, issuer: Issuer, signer: Issuer, figure: Figure
) -> None:
    beside = ("Cookie", f"{ACCESS}={issuer.good}")
    headers = {name: f"Bearer {token}" for name, token in battery(signer).items()}
    headers |= {f"header: {name}": text for name, text in odd_authorizations(issuer).items()}
    answers = {n: ask(stack, ("Authorization", text), beside) for n, text in headers.items()}
    good, forged = f"Bearer {issuer.good}", f"Bearer {thief_of(issuer).good}"
    for first, second in ((good, forged), (forged, good), (good, good)):
        name = f"two headers: {first[-4:]}, {second[-4:]}"
        answers[name] = ask(stack, ("Authorization", first), ("Authorization", second), beside)
    figure(check("as bearer", answers, lambda answer: answer.is_refused_as_a_program))


def test_the_good_token_gets_in_both_ways(stack: Stack, issuer: Issuer) -> None:
    assert ask(stack, ("Cookie", f"{ACCESS}={issuer.good}")).status == 200
    assert ask(stack, ("Authorization", f"Bearer {issuer.good}")).status == 200
    assert ask(stack, ("authorization", f"bearer {issuer.good}")).status == 200


def test_a_good_token_by_a_foreign_key_does_not(stack: Stack, issuer: Issuer) -> None:
    stolen = thief_of(issuer).good
    assert ask(stack, ("Cookie", f"{ACCESS}={stolen}")).is_sent_to_sign_in
    assert ask(stack, ("Authorization", f"Bearer {stolen}")).is_refused_as_a_program
