"""A token that is refused although it has just been made: no going round and round."""

import time
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.access.logout_tokens import LogoutNotice
from inventory_site.access.roles import Role
from tests.inventory.conftest import claims_of, signed

pytestmark = pytest.mark.django_db
ROUND = "/accounts/login/?next=/transactions/"


def ask(token: str | None, *, marker: str = "1", **headers: str) -> HttpResponse:
    client = Client(HTTP_HOST="localhost")
    if token is not None:
        client.cookies[settings.ACCESS_COOKIE] = token
    if marker:
        client.cookies[settings.FRESH_COOKIE] = marker
    answer: HttpResponse = client.get("/transactions/", headers=headers)  # type: ignore[assignment]
    return answer


ODD: dict[str, dict[str, Any]] = {
    "of another audience": {"aud": "techstock-elsewhere"},
    "of a clock ahead of ours": {"nbf": int(time.time()) + 86_400},
    "of a role that we do not know": {"roles": ["auditor"]},
}


@pytest.mark.parametrize("odd", ODD)
def test_a_new_token_that_is_refused_ends_at_a_page_with_a_way_out(odd: str) -> None:
    answer = ask(signed(claims_of(Role.VIEWER, **ODD[odd])))
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "We could not check who you are" in page
    assert f'href="{ROUND}"' in page


def test_so_does_one_by_a_key_that_we_do_not_know() -> None:
    assert ask(signed(claims_of(Role.VIEWER), kid="new")).status_code == 401


def test_one_from_before_the_keys_were_replaced_is_replaced_by_signing_in() -> None:
    made = int(time.time()) - 120
    old = claims_of(Role.VIEWER, iat=made, nbf=made, exp=made + 900)
    answer = ask(signed(old, kid="retired"))
    assert (answer.status_code, answer.headers["Location"]) == (302, ROUND)
    assert ask("no token at all").headers["Location"] == ROUND


@pytest.mark.parametrize("marker", ["", "retry", "0"])
def test_an_odd_token_that_is_not_new_is_replaced_by_signing_in(marker: str) -> None:
    answer = ask(signed(claims_of(Role.VIEWER, aud="elsewhere")), marker=marker)
    assert (answer.status_code, answer.headers["Location"]) == (302, ROUND)


def test_no_token_leads_to_sign_in_whatever_the_marker_says() -> None:
    for token in (None, ""):
        assert ask(token).headers["Location"] == ROUND


def test_one_that_has_expired_leads_to_sign_in() -> None:
    now = int(time.time())
    over = claims_of(Role.VIEWER, iat=now - 1000, nbf=now - 1000, exp=now - 100)
    assert ask(signed(over)).headers["Location"] == ROUND


def test_one_that_was_withdrawn_leads_to_sign_in() -> None:
    sid = uuid4().hex
    cut_offs.write(LogoutNotice(sub="", sid=sid, before=time.time(), is_erasure=False))
    assert ask(signed(claims_of(Role.VIEWER, sid=sid))).headers["Location"] == ROUND


def test_a_fragment_still_sends_its_page_there_which_then_ends_the_round() -> None:
    odd = signed(claims_of(Role.VIEWER, aud="elsewhere"))
    current = {"HX-Request": "true", "HX-Current-URL": "http://localhost/transactions/"}
    answer = ask(odd, **current)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, ROUND)


def test_a_good_token_gets_in_with_the_marker() -> None:
    assert ask(signed(claims_of(Role.VIEWER))).status_code == 200
