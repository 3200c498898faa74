"""Programs: an `Authorization` header alone decides who asks."""

import json
import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Product
from tests.inventory.conftest import claims_of, signed

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Dock",
    "sku": "DK-1",
    "reorder_point": "2",
    "quantity": "0",
    "idempotency_key": str(uuid4()),
}


def bearer(role: Role, **changes: object) -> str:
    return f"Bearer {signed(claims_of(role, **changes))}"


def program(authorization: str, *, beside: Role | None = None) -> Client:
    """A client that checks for CSRF, as a server does, perhaps with somebody's good cookie."""
    client = Client(
        enforce_csrf_checks=True,
        HTTP_HOST="localhost",
        headers={"authorization": authorization},
    )
    if beside:
        client.cookies[settings.ACCESS_COOKIE] = signed(claims_of(beside))
    return client


@pytest.mark.parametrize("address", ["/", "/products/new/", "/healthz", "/nowhere/", "/admin/"])
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x.y.z", "Basic dTpw", "Negotiate"])
def test_a_bad_one_is_refused_everywhere_as_a_program_understands_it(
    address: str, authorization: str
) -> None:
    answer = program(authorization, beside=Role.ADMIN).get(address)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "no-store" in answer.headers["Cache-Control"]
    document = json.loads(answer.content)
    assert (document["status"], document["title"]) == (401, "Unauthorized")
    assert "Location" not in answer.headers


def test_one_that_has_expired_is_not_sent_to_sign_in() -> None:
    now = int(time.time())
    old = bearer(Role.MANAGER, iat=now - 1000, nbf=now - 1000, exp=now - 100)
    assert program(old).get("/").status_code == 401
    fragment = program(old, beside=Role.ADMIN).get("/", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert "HX-Redirect" not in fragment.headers


def test_a_bad_one_writes_nothing() -> None:
    answer = program("Bearer x.y.z", beside=Role.MANAGER).post("/products/new/", NEW)
    assert answer.status_code == 401
    assert not Product.objects.exists()


def test_the_cookie_beside_a_good_one_counts_for_nothing() -> None:
    client = program(bearer(Role.VIEWER), beside=Role.ADMIN)
    assert client.get("/").status_code == 200
    assert client.get("/products/new/").status_code == 403
    assert client.post("/products/new/", NEW).status_code == 403


def test_a_good_one_needs_no_csrf_token_and_a_cookie_still_does() -> None:
    assert program(bearer(Role.MANAGER)).post("/products/new/", NEW).status_code == 302
    assert Product.objects.get().sku == "DK-1"
    browser = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    browser.cookies[settings.ACCESS_COOKIE] = signed(claims_of(Role.MANAGER))
    assert browser.post("/products/new/", NEW | {"sku": "DK-2"}).status_code == 403


def test_the_administration_takes_it_too() -> None:
    data = {"name": "Laptops"}
    answer = program(bearer(Role.MANAGER)).post("/admin/products/category/add/", data)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/products/category/"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEaReR", "Bearer  "])
def test_the_scheme_may_be_written_in_any_case(scheme: str) -> None:
    token = signed(claims_of(Role.VIEWER))
    assert program(f"{scheme} {token}").get("/").status_code == 200


def test_the_sentence_is_in_the_readers_language() -> None:
    answer = program("Basic dTpw").get("/", headers={"accept-language": "en"})
    assert json.loads(answer.content)["detail"] == (
        "The access token is missing, wrong, or no longer valid."
    )
