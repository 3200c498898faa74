"""The administration: for managers, and not around the ledger."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_managers_enter(client_as: Callable[[Role], Client], role: Role) -> None:
    for address in ("/admin/", "/admin/products/product/", "/admin/stock/stocklevel/"):
        assert client_as(role).get(address, follow=True).status_code == 403


def test_stock_cannot_be_added_changed_or_deleted_there(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    for model, pk in (("stocklevel", line.level_id), ("stocktransaction", line.pk)):
        base = f"/admin/stock/{model}/"
        assert manager.get(f"{base}add/").status_code == 403
        assert manager.post(f"{base}{pk}/change/", {"on_hand": "99"}).status_code == 403
        assert manager.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
        assert manager.get(f"{base}{pk}/change/").status_code == 200
    assert StockLevel.objects.get().on_hand == 5


def test_what_has_history_is_refused_in_a_sentence(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    laptop.category = Category.objects.create(name="Laptops")
    laptop.save()
    receive(laptop, shelf, 5)
    for model, pk, sentence in (
        ("product", laptop.pk, "has stock history and stays. Make it inactive instead."),
        ("location", shelf.pk, "has stock history and stays."),
        ("category", laptop.category.pk, "still has 1 product: move it first."),
    ):
        address = f"/admin/products/{model}/{pk}/delete/"
        assert sentence in manager.get(address).content.decode()
        manager.post(address, {"post": "yes"})
    assert (Product.objects.count(), Location.objects.count()) == (1, 1)
    assert Category.objects.count() == 1


def test_the_bulk_action_is_refused_alike(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    data = {"action": "delete_selected", "_selected_action": [laptop.pk]}
    page = manager.post("/admin/products/product/", data).content.decode()
    assert "has stock history and stays" in page
    manager.post("/admin/products/product/", data | {"post": "yes"})
    assert Product.objects.exists()


def test_what_never_moved_can_be_deleted_and_who_did_it_is_kept(
    manager: Client, laptop: Product
) -> None:
    manager.post(f"/admin/products/product/{laptop.pk}/delete/", {"post": "yes"})
    assert not Product.objects.exists()
    entry = LogEntry.objects.select_related("user").get()
    assert str(entry.user) == "Marina Ribeiro"


def test_a_location_cannot_be_part_of_itself(manager: Client, shelf: Location) -> None:
    data = {"code": "A1-03", "name": "", "parent": str(shelf.pk)}
    answer = manager.post(f"/admin/products/location/{shelf.pk}/change/", data)
    assert answer.status_code == 200
    shelf.refresh_from_db()
    assert shelf.parent is None


def test_products_are_added_and_searched(manager: Client) -> None:
    data = {"name": "Dock", "sku": "DK-1", "reorder_point": "2", "is_active": "on"}
    answer = manager.post("/admin/products/product/add/", data)
    assert answer.status_code == 302
    assert not StockTransaction.objects.exists()
    assert "Dock" in manager.get("/admin/products/product/?q=dk-1").content.decode()
    taken = manager.post("/admin/products/product/add/", data | {"sku": "dk-1"})
    assert "This SKU already exists." in taken.content.decode()
