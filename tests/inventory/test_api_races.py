"""What only the database can see, because others write at the same time, is a sentence too."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from inventory_site.access.roles import Role
from inventory_site.api.models import KeptAnswer
from inventory_site.products.models import Category, Product, Supplier
from inventory_site.products.removal import reason_to_stay
from tests.inventory.programs import Program, problem_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever others write comes just after it was looked for."""
    monkeypatch.setattr(Model, "full_clean", lambda *_args, **_options: None)
    monkeypatch.setattr("inventory_site.api.resources.reason_to_stay", lambda _thing: None)


@pytest.mark.usefixtures("unseen")
def test_a_name_that_somebody_else_has_just_given(manager: Program) -> None:
    Supplier.objects.create(name="Bechtle")
    problem = problem_of(manager.post("/suppliers/", {"name": "bechtle"}), 409)
    assert problem["code"] == "already_exists"
    assert problem["detail"] == "There is a supplier of this name already."
    assert Supplier.objects.count() == 1
    assert not KeptAnswer.objects.exists()


@pytest.mark.usefixtures("unseen")
def test_a_sku_that_somebody_else_has_just_given(manager: Program, laptop: Product) -> None:
    data = {"sku": "nb-len-t14", "name": "T14"}
    assert refused(manager.post("/products/", data), 409) == "sku_taken"
    assert Product.objects.count() == 1


@pytest.mark.usefixtures("unseen")
def test_something_that_somebody_else_has_just_come_to_need(manager: Program) -> None:
    category = Category.objects.create(name="Docks")
    product = Product.objects.create(sku="DK-1", name="Dock", category=category)
    assert reason_to_stay(category)  # which the API does not see here
    answer: Any = manager.send("DELETE", f"/categories/{category.pk}/", if_match="*")
    assert refused(answer, 409) == "conflict"
    product.refresh_from_db()
    assert product.category == category
