"""Products in the API: facts are edited, units are read, history stays."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Manufacturer, Product
from inventory_site.stock.kinds import MAX_QUANTITY
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.programs import Program, cost_of, problem_of, refused

pytestmark = pytest.mark.django_db
NEW = {"sku": "DK-1", "name": "Dock"}


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": "new"}, "sku"),
        ({"sku": "Summary"}, "sku"),
        ({"sku": "a/b"}, "sku"),
        ({"name": ""}, "name"),
        ({"reorder_point": -1}, "reorder_point"),
        ({"reorder_point": "3"}, "reorder_point"),
        ({"reorder_point": 2.0}, "reorder_point"),
        ({"reorder_point": True}, "reorder_point"),
        ({"reorder_point": MAX_QUANTITY + 1}, "reorder_point"),
        ({"quantity": -1, "location": "A1-03"}, "quantity"),
        ({"quantity": 10**400, "location": "A1-03"}, "quantity"),
        ({"quantity": 1}, "location"),
        ({"quantity": 1, "location": "nowhere"}, "location"),
        ({"quantity": 1, "location": 7}, "location"),
        ({"manufacturer": 99}, "manufacturer"),
        ({"description": "x" * 2001}, "description"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    manager: Program, shelf: Location, wrong: dict[str, object], field: str
) -> None:
    problem = problem_of(manager.post("/products/", NEW | wrong), 400)
    assert list(problem["errors"]) == [field]
    assert not Product.objects.exists()


def test_a_sku_is_given_once_in_whatever_case(manager: Program, laptop: Product) -> None:
    problem = problem_of(manager.post("/products/", NEW | {"sku": "nb-len-t14"}), 400)
    assert problem["errors"] == {"non_field_errors": ["This SKU already exists."]}
    assert Product.objects.count() == 1


def test_a_product_with_history_stays(manager: Program, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 1)
    answer = manager.send("DELETE", "/products/NB-LEN-T14/", if_match="*")
    problem = problem_of(answer, 409)
    assert problem["code"] == "in_use"
    assert problem["detail"].endswith("has stock history and stays. Make it inactive instead.")
    assert Product.objects.exists()


def test_units_and_the_sku_are_not_changed_by_sending_them(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    document = manager.get("/products/NB-LEN-T14/").json()
    changed = document | {"sku": "X", "on_hand": 99, "name": "T14"}
    answer = manager.send("PUT", "/products/NB-LEN-T14/", changed, if_match="*")
    assert answer.json() == document | {"name": "T14"}
    assert StockTransaction.objects.count() == 1


def test_a_product_is_added_with_its_opening_stock_once(manager: Program, shelf: Location) -> None:
    category, key = Category.objects.create(name="Docks"), str(uuid4())
    maker = Manufacturer.objects.create(name="Lenovo")
    data = NEW | {"category": category.pk, "manufacturer": maker.pk, "reorder_point": 5}
    data |= {"location": "a1-03", "quantity": 4}
    answers = [manager.post("/products/", data, idempotency_key=key) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["Location"] == "/api/v1/products/DK-1/"
    found = answers[0].json()
    assert found.pop("created_at").endswith("Z")
    assert found == {
        "sku": "DK-1",
        "name": "Dock",
        "manufacturer": maker.pk,
        "manufacturer_name": "Lenovo",
        "part_number": "",
        "category": category.pk,
        "category_name": "Docks",
        "description": "",
        "reorder_point": 5,
        "is_active": True,
        "on_hand": 4,
        "reserved": 0,
        "available": 4,
        "status": "low",
    }
    assert StockTransaction.objects.get().reason == "Opening stock"


def test_a_movement_makes_no_version_stale_and_an_edit_does(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    tag = manager.get("/products/NB-LEN-T14/").headers["ETag"]
    receive(laptop, shelf, 5)
    path, data = "/products/nb-len-t14/", {"description": "Good"}
    assert manager.send("PATCH", path, data, if_match=tag).status_code == 200
    assert refused(manager.send("PATCH", path, {"name": "A"}, if_match=tag), 412) == "stale"


def test_a_product_that_nothing_ever_moved_is_deleted_with_its_empty_levels(
    manager: Program, shelf: Location
) -> None:
    manager.post("/products/", NEW | {"location": "A1-03"})
    assert StockLevel.objects.count() == 1
    assert manager.send("DELETE", "/products/DK-1/", if_match="*").status_code == 204
    assert not Product.objects.exists()


def test_the_list_is_narrowed_down_as_the_page_is(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    top = Category.objects.create(name="Hardware")
    docks = Category.objects.create(name="Docks", parent=top)
    maker = Manufacturer.objects.create(name="Dell")
    Product.objects.create(sku="DK-1", name="Dock", category=docks, manufacturer=maker)
    Product.objects.create(sku="OLD", name="Old", is_active=False)
    receive(laptop, shelf, 5)

    def skus(query: str) -> list[str]:
        return [row["sku"] for row in manager.get(f"/products/?{query}").json()["results"]]

    assert skus("") == ["DK-1", "NB-LEN-T14"]
    assert skus("ordering=-name") == ["NB-LEN-T14", "DK-1"]
    assert skus("q=dell") == skus(f"category={top.pk}") == skus("level=out") == ["DK-1"]
    assert skus(f"manufacturer={maker.pk}") == ["DK-1"]
    assert skus("level=low") == skus("q=t14%20len") == ["NB-LEN-T14"]
    assert skus("is_active=false") == ["OLD"]
    for wrong in ("level=much", "category=x", "category=999", "manufacturer=x", "is_active=1"):
        problem = problem_of(manager.get(f"/products/?{wrong}"), 400)
        assert list(problem["errors"]) == [wrong.partition("=")[0]]


def test_a_list_costs_the_same_however_long_it_is(manager: Program, shelf: Location) -> None:
    for number in range(6):
        maker = Manufacturer.objects.create(name=f"M{number}")
        category = Category.objects.create(name=f"C{number}")
        product = Product.objects.create(
            sku=f"P{number}", name=f"P{number}", manufacturer=maker, category=category
        )
        receive(product, shelf, 1)
    for resource in ("products", "stock-levels", "products/P1/transactions", "locations"):
        costs = [cost_of(manager, f"/{resource}/?limit={limit}") for limit in (1, 6)]
        assert costs[0] == costs[1] <= 4, resource


def test_the_summary_says_what_the_tiles_say(
    manager: Program, laptop: Product, shelf: Location
) -> None:
    Product.objects.create(sku="DK-1", name="Dock")
    receive(laptop, shelf, 5)
    assert manager.get("/products/summary/").json() == {
        "products": 2,
        "units": 5,
        "low": 1,
        "out": 1,
    }
