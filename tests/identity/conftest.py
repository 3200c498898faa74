"""A small cast of people, and a browser that comes through the proxy."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client
from pytest_django import DjangoDbBlocker

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.tokens.key_ring import ring

PASSWORD = "a passphrase for tests"
BROWSER = {"host": "localhost:8080", "x-real-ip": "203.0.113.7"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make one signing key for all tests, which takes a while; each sees it as it was."""
    with django_db_blocker.unblock():
        ring.signing()


@pytest.fixture(autouse=True)
def _read_keys_anew() -> Iterator[None]:
    """Forget the keys that a test made, retired or spoilt, since their rows are undone."""
    ring.forget()
    yield
    ring.forget()


@cache
def hashed() -> str:
    """Hash the password once, because that takes long on purpose."""
    return make_password(PASSWORD)


def make_person(email: str, name: str, role: Role = Role.VIEWER) -> User:
    """Make somebody who has proved that the address is theirs."""
    user = User.objects.create(email=email, password=hashed(), name=name, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, user: User) -> None:
    """Sign in through the page, as people do."""
    form = {"login": user.email, "password": PASSWORD}
    answer = client.post("/accounts/login/", form)
    assert answer.status_code == 302, answer.content


def last_code() -> str:
    """Read the code from the newest mail."""
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group()


@pytest.fixture
def client(db: None) -> Client:
    return Client(headers=BROWSER)


@pytest.fixture
def vera(db: None) -> User:
    return make_person("vera@example.com", "Vera Novak")


@pytest.fixture
def marina(db: None) -> User:
    return make_person("marina@example.com", "Marina Ribeiro", Role.MANAGER)


@pytest.fixture
def amara(db: None) -> User:
    return make_person("amara@example.com", "Amara Okafor", Role.ADMIN)
