"""Which tokens get somebody in, and which get nowhere: the battery, in one process."""

import os
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from embedded import secret_values
from inventory_site.access import cut_offs
from inventory_site.access.roles import Role
from tests.forged import battery
from tests.forged.issuer import Issuer
from tests.forged.requests import odd_authorizations, odd_cookies
from tests.inventory.conftest import claims_of, signed

pytestmark = pytest.mark.django_db
Figure = Callable[[str], None]
PAGE = "/transactions/"


@pytest.fixture
def issuer() -> Issuer:
    """The identity site's key, of which the inventory site has only the public half."""
    key = os.environ["TEST_SIGNING_KEY"]
    kid = secret_values.public_keys(key)["keys"][0]["kid"]
    return Issuer(key, kid, claims_of(Role.OPERATOR))


def ask(**headers: str) -> HttpResponse:
    """Ask for a page with headers as the server would hand them on: bytes, read as Latin-1."""
    lines = {name: text.encode().decode("latin-1") for name, text in headers.items()}
    answer: HttpResponse = Client(HTTP_HOST="localhost", headers=lines).get(PAGE)  # type: ignore[assignment]
    return answer


def cookie(token: str) -> str:
    return f"{settings.ACCESS_COOKIE}={token}"


def is_sent_to_sign_in(answer: HttpResponse) -> bool:
    return (answer.status_code, answer.get("Location")) == (302, f"/accounts/login/?next={PAGE}")


def is_refused_as_a_program(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 401
        and answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        and answer["Content-Type"] == "application/problem+json"
    )


def test_no_forged_token_gets_in_by_cookie(issuer: Issuer, figure: Figure) -> None:
    tokens = battery(issuer)
    answers = {name: ask(cookie=cookie(token)) for name, token in tokens.items()}
    assert len(answers) == len(tokens) >= 150
    odd = {name: a.status_code for name, a in answers.items() if not is_sent_to_sign_in(a)}
    figure(f"forged tokens by cookie: {len(answers)} variants, {len(odd)} not refused")
    assert not odd


def test_no_forged_token_gets_in_as_bearer_not_even_beside_a_good_cookie(
    issuer: Issuer, figure: Figure
) -> None:
    beside = cookie(issuer.good)
    answers = {
        name: ask(authorization=f"Bearer {token}", cookie=beside)
        for name, token in battery(issuer).items()
    }
    odd = {name: a.status_code for name, a in answers.items() if not is_refused_as_a_program(a)}
    figure(f"forged tokens as bearer: {len(answers)} variants, {len(odd)} not refused")
    assert not odd


def test_no_odd_cookie_header_gets_in(issuer: Issuer) -> None:
    headers = odd_cookies(issuer, settings.ACCESS_COOKIE)
    answers = {name: ask(cookie=text) for name, text in headers.items()}
    assert not {name: a for name, a in answers.items() if not is_sent_to_sign_in(a)}


def test_no_odd_authorization_gets_in_not_even_beside_a_good_cookie(issuer: Issuer) -> None:
    beside = cookie(issuer.good)
    headers = odd_authorizations(issuer)
    answers = {name: ask(authorization=text, cookie=beside) for name, text in headers.items()}
    assert not {name: a for name, a in answers.items() if not is_refused_as_a_program(a)}


def test_the_good_token_gets_in_both_ways(issuer: Issuer) -> None:
    assert ask(cookie=cookie(issuer.good)).status_code == 200
    assert ask(authorization=f"Bearer {issuer.good}").status_code == 200


def test_a_token_has_room_for_long_names_and_for_claims_that_come_later(issuer: Issuer) -> None:
    token = issuer.token(name="Ana Júlia " * 25, email=f"{'x' * 242}@example.com", note={"x": [1]})
    assert ask(cookie=cookie(token)).status_code == 200


def test_times_may_have_fractions() -> None:
    now = time.time()
    claims = claims_of(Role.OPERATOR, iat=now, nbf=now - 0.5, exp=int(now) + 900)
    assert ask(cookie=cookie(signed(claims))).status_code == 200


def test_a_token_of_the_future_is_forgiven_a_slow_clock() -> None:
    soon = int(time.time()) + 5
    claims = claims_of(Role.OPERATOR, iat=soon, nbf=soon, exp=soon + 900)
    assert ask(cookie=cookie(signed(claims))).status_code == 200


def test_a_good_token_costs_no_query(
    operator: Client,
    django_assert_num_queries: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 3600)
    operator.get(PAGE)  # a new process looks once
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # the page's own
        assert operator.get(PAGE).status_code == 200
