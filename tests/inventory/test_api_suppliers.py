"""Suppliers in the API: the plainest resource, looked at from end to end."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from tests.inventory.conftest import person
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


def test_a_name_must_be_there_short_and_new(manager: Program) -> None:
    Supplier.objects.create(name="Bechtle")
    for wrong in ({}, {"name": ""}, {"name": None}, {"name": 7.5}, {"name": "x" * 81}):
        if wrong != {"name": 7.5}:
            assert "name" in problem_of(manager.post("/suppliers/", wrong), 400)["errors"]
    taken = problem_of(manager.post("/suppliers/", {"name": "BECHTLE"}), 400)
    assert taken["errors"] == {"non_field_errors": ["There is a supplier of this name already."]}
    assert Supplier.objects.count() == 1


def test_one_who_has_delivered_stays(manager: Program, laptop: Product, shelf: Location) -> None:
    supplier = Supplier.objects.create(name="Bechtle")
    movement = ledger.Movement(
        product_id=laptop.pk,
        location_id=shelf.pk,
        kind=Kind.RECEIPT,
        quantity=1,
        supplier_id=supplier.pk,
    )
    ledger.record(movement, actor=person(Role.MANAGER), key=uuid4())
    answer = manager.send("DELETE", f"/suppliers/{supplier.pk}/", if_match="*")
    problem = problem_of(answer, 409)
    assert problem["code"] == "in_use"
    assert problem["detail"] == "“Bechtle” has delivered what is in the ledger and stays."
    assert Supplier.objects.exists()


def test_one_is_added_read_changed_and_deleted(manager: Program) -> None:
    added = manager.post("/suppliers/", {"name": "Bechtle"})
    assert added.status_code == 201
    supplier = Supplier.objects.get()
    assert added.json() == {"id": supplier.pk, "name": "Bechtle"}
    way = added.headers["Location"]
    assert way == f"/api/v1/suppliers/{supplier.pk}/"
    path = way.removeprefix("/api/v1")
    read = manager.get(path)
    assert (read.json(), read.headers["ETag"]) == (added.json(), added.headers["ETag"])
    changed = manager.send("PUT", path, {"name": "Bechtle AG"}, if_match=read.headers["ETag"])
    assert changed.json()["name"] == Supplier.objects.get().name == "Bechtle AG"
    again = manager.send("PATCH", path, {"name": "Cancom"}, if_match=changed.headers["ETag"])
    assert again.status_code == 200
    gone = manager.send("DELETE", path, if_match=again.headers["ETag"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert refused(manager.get(path), 404) == "not_found"
