"""Categories, manufacturers and locations in the API."""

from __future__ import annotations

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Manufacturer, Product
from tests.inventory.conftest import receive
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


def test_a_category_is_not_put_into_itself_or_what_is_in_it(manager: Program) -> None:
    hardware = Category.objects.create(name="Hardware")
    laptops = Category.objects.create(name="Laptops", parent=hardware)
    for parent in (hardware.pk, laptops.pk):
        path, data = f"/categories/{hardware.pk}/", {"parent": parent}
        assert problem_of(manager.send("PATCH", path, data, if_match="*"), 400)["errors"]
    hardware.refresh_from_db()
    assert hardware.parent is None


@pytest.mark.parametrize("parent", [0, -1, 2**63, 2**70, True, 1.5, "1", [], {}, 999])
def test_a_parent_is_the_id_of_one_that_is_there(manager: Program, parent: object) -> None:
    problem = problem_of(manager.post("/categories/", {"name": "X", "parent": parent}), 400)
    assert list(problem["errors"]) == ["parent"]


def test_a_category_or_manufacturer_with_anything_in_it_stays(manager: Program) -> None:
    hardware = Category.objects.create(name="Hardware")
    Category.objects.create(name="Laptops", parent=hardware)
    lenovo = Manufacturer.objects.create(name="Lenovo")
    Product.objects.create(sku="A", name="A", manufacturer=lenovo)
    for path in (f"/categories/{hardware.pk}/", f"/manufacturers/{lenovo.pk}/"):
        assert refused(manager.send("DELETE", path, if_match="*"), 409) == "in_use"
    assert Category.objects.count() == 2
    assert Manufacturer.objects.exists()


def test_a_category_is_added_moved_and_deleted(manager: Program) -> None:
    top = manager.post("/categories/", {"name": "Hardware"}).json()["id"]
    added = manager.post("/categories/", {"name": "Laptops", "parent": top})
    assert added.json() == {"id": added.json()["id"], "name": "Laptops", "parent": top}
    path, tag = f"/categories/{added.json()['id']}/", added.headers["ETag"]
    moved = manager.send("PATCH", path, {"parent": None}, if_match=tag)
    assert moved.json()["parent"] is None
    assert manager.send("DELETE", path, if_match="*").status_code == 204


def test_a_location_with_history_stays(manager: Program, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 1)
    assert refused(manager.send("DELETE", "/locations/A1-03/", if_match="*"), 409) == "in_use"
    assert Location.objects.exists()


@pytest.mark.parametrize("code", ["", "a b", "new", "ä", "x" * 65, "a1-03"])
def test_a_location_needs_a_code_that_is_free(manager: Program, shelf: Location, code: str) -> None:
    assert problem_of(manager.post("/locations/", {"code": code}), 400)["errors"]
    assert Location.objects.count() == 1


def test_a_location_is_found_by_its_code_in_any_case(manager: Program, shelf: Location) -> None:
    added = manager.post("/locations/", {"code": "A1-03-b", "parent": "a1-03"})
    assert added.json() == {"code": "A1-03-b", "name": "", "parent": "A1-03"}
    assert added.headers["Location"] == "/api/v1/locations/A1-03-b/"
    assert manager.get("/locations/a1-03-B/").json() == added.json()
    found = manager.get("/locations/?q=aisle").json()["results"]
    assert [row["code"] for row in found] == ["A1-03"]
