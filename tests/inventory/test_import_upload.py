"""Uploading a file of products: who may, and what is refused at the field."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.imports.models import Import
from inventory_site.products.models import Product
from tests.inventory.importing import chosen

pytestmark = pytest.mark.django_db

GOOD = ["name;qty", "Cable;"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_managers_import(
    client_as: Callable[[Role], Client], role: Role, manager: Client
) -> None:
    page = chosen(manager, *GOOD)
    client = client_as(role)
    for address in ("/imports/", page, f"{page}report.csv"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"rows": "all"}).status_code == 403
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\0" * 1_000_000, "neither a CSV file nor an Excel file"),
        (b"PK\x03\x04 and no more", "Excel"),
        (b"name\n" + b" " * 2_000, "at most 1.0"),
    ],
)
def test_a_file_that_is_no_good_is_refused_at_its_field(
    manager: Client,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    sentence: str,
) -> None:
    monkeypatch.setattr(settings, "IMPORT_MAX_BYTES", 1024 if b"   " in content else 2_000_000)
    answer = manager.post("/imports/", {"file": SimpleUploadedFile("list.csv", content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


def test_no_file_and_an_unknown_location_are_refused_at_their_fields(manager: Client) -> None:
    answer = manager.post("/imports/", {"default_location": "77"})
    assert answer.status_code == 422
    assert answer.content.decode().count('class="error"') == 2


def test_an_unknown_import_or_choice_of_rows_gets_nowhere(manager: Client) -> None:
    assert manager.get(f"/imports/{uuid4()}/").status_code == 404
    assert manager.post(chosen(manager, *GOOD), {"rows": "some"}).status_code == 400
    assert manager.put("/imports/").status_code == 405
