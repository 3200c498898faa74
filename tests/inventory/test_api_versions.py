"""Nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Supplier
from tests.inventory.programs import Program, refused

pytestmark = pytest.mark.django_db
CHANGES = [("PUT", {"name": "Cancom"}), ("PATCH", {"name": "Cancom"}), ("DELETE", None)]


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


@pytest.fixture
def path(db: None) -> str:
    """Where a supplier is."""
    return f"/suppliers/{Supplier.objects.create(name='Bechtle').pk}/"


@pytest.mark.parametrize(("method", "data"), CHANGES)
def test_a_change_must_say_of_which_version(
    manager: Program, path: str, method: str, data: object
) -> None:
    assert refused(manager.send(method, path, data), 428) == "if_match_missing"
    assert Supplier.objects.get().name == "Bechtle"


@pytest.mark.parametrize(("method", "data"), CHANGES)
@pytest.mark.parametrize("tag", ['"x"', "W/{}", "nonsense"])
def test_a_change_of_another_version_is_refused(
    manager: Program, path: str, method: str, data: object, tag: str
) -> None:
    tag = tag.format(manager.get(path).headers["ETag"])
    assert refused(manager.send(method, path, data, if_match=tag), 412) == "stale"
    assert Supplier.objects.get().name == "Bechtle"


def test_whoever_comes_second_is_told(manager: Program, path: str) -> None:
    tag = manager.get(path).headers["ETag"]
    assert manager.send("PATCH", path, {"name": "A"}, if_match=tag).status_code == 200
    assert refused(manager.send("PATCH", path, {"name": "B"}, if_match=tag), 412) == "stale"
    assert Supplier.objects.get().name == "A"


@pytest.mark.parametrize("tag", ["*", "{}", '"x", {}'])
def test_the_version_may_be_one_of_several_or_any(manager: Program, path: str, tag: str) -> None:
    tag = tag.format(manager.get(path).headers["ETag"])
    assert manager.send("PATCH", path, {"name": "A"}, if_match=tag).status_code == 200
