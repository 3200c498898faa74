"""Programs, through the one door: signing in for a person, and personal tokens."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.conftest import Person, form_token, make_personal_token
from tests.stack_fixture import Stack

APP = "/accounts/_allauth/app/v1"
PROFILE, EXCHANGE = "/accounts/api/v1/profile/", "/accounts/api/v1/access-tokens/"
SECONDS = 10  # for word of a revocation to get around on a busy machine
PERSON = {"name": "Ana Lima", "email": "ana.program@techstock.example", "password": "a long one 42"}


@pytest.fixture
def program(stack: Stack) -> Iterator[httpx.Client]:
    """A program without cookies."""
    with httpx.Client(base_url=stack.origin, timeout=20) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def session(token: str) -> dict[str, str]:
    return {"X-Session-Token": token}


def mailed_code(folder: Path, address: str) -> str:
    """Return the code in the newest mail to an address."""
    letters = sorted(folder.iterdir(), key=lambda letter: letter.name, reverse=True)
    text = next(text for letter in letters if address in (text := letter.read_text()))
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", text, re.MULTILINE)
    assert found, text
    return found.group()


def status_comes_to(wanted: int, client: httpx.Client, headers: dict[str, str]) -> bool:
    """Ask for the stock until the answer has this status."""
    deadline = time.monotonic() + SECONDS
    while client.get("/", headers=headers).status_code != wanted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def sign_in(client: httpx.Client, who: str, password: str) -> dict[str, Any]:
    answer = client.post(f"{APP}/auth/login", json={"email": who, "password": password})
    assert answer.status_code == 200, answer.text
    meta: dict[str, Any] = answer.json()["meta"]
    return meta


def test_a_program_signs_somebody_up_and_in_and_out_again(
    stack: Stack, program: httpx.Client
) -> None:
    begun = program.post(f"{APP}/auth/signup", json=PERSON)
    assert begun.status_code == 401
    half = session(begun.json()["meta"]["session_token"])
    key = mailed_code(stack.mail_folder, PERSON["email"])
    proved = program.post(f"{APP}/auth/email/verify", json={"key": key}, headers=half)
    assert proved.status_code == 200, proved.text

    found = sign_in(program, PERSON["email"], PERSON["password"])
    assert program.get("/", headers=bearer(found["access_token"])).status_code == 200
    changed = program.patch(PROFILE, json={"name": "Ana"}, headers=bearer(found["access_token"]))
    assert changed.json()["name"] == "Ana"

    refreshed = program.post(
        f"{APP}/tokens/refresh", json={"refresh_token": found["refresh_token"]}
    )
    fresh = bearer(refreshed.json()["data"]["access_token"])
    assert program.get("/", headers=fresh).status_code == 200

    program.delete(f"{APP}/auth/session", headers=session(found["session_token"]))
    again = program.post(f"{APP}/tokens/refresh", json={"refresh_token": found["refresh_token"]})
    assert again.status_code == 400
    assert program.get(PROFILE, headers=fresh).status_code == 401
    assert status_comes_to(401, program, fresh)
    assert all("inv_" in cookie for cookie in program.cookies)  # the identity site sets none


def test_a_personal_token_reads_does_not_write_and_dies_when_it_is_revoked(
    stack: Stack, signed_in: Person, program: httpx.Client
) -> None:
    browser = signed_in("operator")
    secret = make_personal_token(stack, browser, f"Scales {time.time()}", scope="read")
    exchanged = program.post(EXCHANGE, headers=bearer(secret))
    assert exchanged.status_code == 201, exchanged.text
    access = bearer(exchanged.json()["access_token"])
    assert program.get("/", headers=access).status_code == 200
    move = program.post(
        "/products/nowhere-at-all/transactions/new/", data={"kind": "receipt"}, headers=access
    )
    assert move.status_code == 403
    assert program.get("/", headers=bearer(secret)).status_code == 401
    assert program.get(PROFILE, headers=access).status_code == 401

    page = browser.get("/accounts/tokens/").text
    revocation = re.findall(r"/accounts/tokens/[0-9a-f-]{36}/revocation/", page)[0]
    data = {"csrfmiddlewaretoken": form_token(browser.get(revocation))}
    assert browser.post(revocation, data=data).status_code == 302
    assert program.post(EXCHANGE, headers=bearer(secret)).status_code == 401
    assert status_comes_to(401, program, access)


@pytest.mark.parametrize("address", ["/", "/accounts/profile/", PROFILE])
def test_a_bad_bearer_is_not_made_up_for_by_good_cookies(signed_in: Person, address: str) -> None:
    browser = signed_in("operator")
    assert browser.get(address).status_code == 200
    refused = browser.get(address, headers=bearer("x.y.z"))
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "Set-Cookie" not in refused.headers


def test_what_no_site_answers_is_a_problem_document_too(program: httpx.Client) -> None:
    answer = program.get("/accounts/api/v1/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
