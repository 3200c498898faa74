"""One small cast, one storeroom, and clients that speak for somebody."""

import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID, uuid4, uuid5

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.test import Client

from embedded import secret_values
from inventory_site.access.models import Person
from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import StockTransaction

NAMES = {
    Role.VIEWER: "Vera Viana",
    Role.OPERATOR: "Otto Oliveira",
    Role.MANAGER: "Marina Ribeiro",
    Role.ADMIN: "Ana Almeida",
}
NAMESPACE = UUID("5f0e7a4c-3f52-4a53-9d0e-8f2f3f0c5f11")


def person(role: Role) -> Person:
    """The member of the cast with this role."""
    email = f"{role}@techstock.example"
    somebody = Person(id=uuid5(NAMESPACE, email), email=email, name=NAMES[role])
    somebody.role = role
    return somebody


def claims_of(role: Role, **changes: Any) -> dict[str, Any]:
    """Good claims for that person, with some changed, or left out where the change is `...`."""
    now = int(time.time())
    who = person(role)
    claims = {
        "iss": settings.TOKEN_ISSUER,
        "aud": settings.TOKEN_AUDIENCE,
        "sub": str(who.id),
        "client_id": "web",
        "iat": now,
        "nbf": now,
        "exp": now + 900,
        "jti": uuid4().hex,
        "sid": "0" * 32,
        "auth_time": now,
        "amr": ["password"],
        "roles": [role.value],
        "email": who.email,
        "name": who.name,
    } | changes
    return {name: value for name, value in claims.items() if value is not ...}


@cache
def signing_key() -> tuple[RSAPrivateKey, str]:
    """The key whose public half the site trusts here, and its name; reading it takes a while."""
    pem = os.environ["TEST_SIGNING_KEY"]
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key, secret_values.public_keys(pem)["keys"][0]["kid"]


def signed(claims: dict[str, Any], **header: Any) -> str:
    """A token as the identity site signs it."""
    key, kid = signing_key()
    return jwt.encode(
        claims, key, algorithm="RS256", headers={"kid": kid, "typ": "at+jwt"} | header
    )


@pytest.fixture
def client_as() -> Callable[[Role], Client]:
    """Make a client signed in as the person with that role."""

    def make(role: Role) -> Client:
        client = Client(HTTP_HOST="localhost")
        client.cookies[settings.ACCESS_COOKIE] = signed(claims_of(role))
        return client

    return make


@pytest.fixture
def operator(client_as: Callable[[Role], Client]) -> Client:
    """A technician in the storeroom."""
    return client_as(Role.OPERATOR)


@pytest.fixture
def manager(client_as: Callable[[Role], Client]) -> Client:
    """Who must explain the numbers."""
    return client_as(Role.MANAGER)


@pytest.fixture
def shelf(db: None) -> Location:
    """A shelf."""
    return Location.objects.create(code="A1-03", name="Aisle A1, shelf 3")


@pytest.fixture
def laptop(db: None) -> Product:
    """A product without stock, low at 6."""
    return Product.objects.create(sku="NB-LEN-T14", name="Lenovo ThinkPad T14", reorder_point=6)


def receive(product: Product, location: Location, quantity: int) -> StockTransaction:
    """Put units on a shelf, as the manager."""
    movement = ledger.Movement(
        product_id=product.pk, location_id=location.pk, kind=Kind.RECEIPT, quantity=quantity
    )
    return ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())
