"""How the identity site says that tokens are void: signed, or it changes nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.access.models import CutOff, Person
from inventory_site.access.roles import Role
from tests.forged.issuer import Issuer
from tests.inventory.conftest import claims_of, signed
from tests.inventory.logout import (
    ERASURE,
    LOGOUT,
    OPERATOR,
    about,
    is_refused,
    logout_issuer,
    tell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    cut_offs.known.forget()
    yield
    cut_offs.known.forget()


@pytest.fixture
def issuer() -> Issuer:
    """The identity site, about to say that the operator's tokens are void."""
    return logout_issuer()


def test_only_a_form_that_is_posted_is_read(issuer: Issuer) -> None:
    client = Client(HTTP_HOST="localhost")
    address = f"/internal/backchannel-logout/?logout_token={issuer.good}"
    assert client.get(address).status_code == 405
    assert is_refused(client.post(address))  # type: ignore[arg-type]
    body = json.dumps({"logout_token": issuer.good})
    assert is_refused(client.post(address, body, content_type="application/json"))  # type: ignore[arg-type]
    assert not CutOff.objects.exists()


def test_a_persons_tokens_end_at_once(issuer: Issuer, operator: Client, manager: Client) -> None:
    assert operator.get("/transactions/").status_code == 200
    answer = tell(issuer.token(events=about(time.time() + 1)))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert operator.get("/transactions/").status_code == 302
    assert manager.get("/transactions/").status_code == 200


@pytest.mark.parametrize("sub", [..., str(OPERATOR.id)])
def test_a_sessions_end_leaves_the_same_persons_other_sessions(
    issuer: Issuer, operator: Client, sub: Any
) -> None:
    elsewhere = Client(HTTP_HOST="localhost")
    elsewhere.cookies[settings.ACCESS_COOKIE] = signed(claims_of(Role.OPERATOR, sid="elsewhere"))
    assert tell(issuer.token(sub=sub, sid="elsewhere")).status_code == 200
    assert elsewhere.get("/transactions/").status_code == 302
    assert operator.get("/transactions/").status_code == 200


def test_a_program_is_refused_as_well(issuer: Issuer) -> None:
    token = signed(claims_of(Role.OPERATOR))
    program = Client(HTTP_HOST="localhost", headers={"authorization": f"Bearer {token}"})
    tell(issuer.token(events=about(time.time() + 1)))
    assert program.get("/transactions/").status_code == 401


def test_the_same_one_again_is_fine_and_changes_nothing(issuer: Issuer) -> None:
    answers = [tell(issuer.good).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    kept = CutOff.objects.get()
    before = issuer.claims["events"][LOGOUT]["before"]
    assert (kept.name, kept.before) == (f"sub:{OPERATOR.id}", before)


def test_an_erasure_takes_the_name_as_well(issuer: Issuer) -> None:
    OPERATOR.remember()
    tell(issuer.token(events=about(time.time(), **{ERASURE: {}})))
    assert Person.objects.get(pk=OPERATOR.id).name == "Former colleague"


def test_one_that_could_not_be_delivered_for_a_day_still_erases(issuer: Issuer) -> None:
    OPERATOR.remember()
    tell(issuer.token(events=about(time.time() - 86_400, **{ERASURE: {}})))
    assert Person.objects.get(pk=OPERATOR.id).name == "Former colleague"
