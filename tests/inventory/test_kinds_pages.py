"""The dialog and the pages take of each kind what the one table of kinds says."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import resolve

from inventory_site.access.roles import PERMISSIONS, Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.kinds import RULES, Kind
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.movement_forms import ASKED, PRESSED, Press
from tests.inventory.conftest import receive
from tests.inventory.holding import hold

pytestmark = pytest.mark.django_db

DIALOG = "/products/NB-LEN-T14/transactions/new/?location=A1-03"
BY_ITSELF = [kind for kind in Kind if kind not in {Kind.TRANSFER, Kind.REVERSAL}]
FIELDS = frozenset().union(*(rule.fields for rule in RULES.values()))


@pytest.fixture(autouse=True)
def ten(laptop: Product, shelf: Location) -> Location:
    """The shelf, with ten laptops."""
    receive(laptop, shelf, 10)
    return shelf


def filled(field: str, laptop: Product, shelf: Location) -> dict[str, Any]:
    """One field of a movement with something in it, as the ledger takes it."""
    match field:
        case "supplier":
            return {"supplier_id": Supplier.objects.create(name="Acme").pk}
        case "reservation":
            return {"reservation_id": hold(laptop, shelf, 5).pk}
        case "unit_cost":
            return {"unit_cost": Decimal("0.00")}
    return {field: "Ana"}


def test_a_button_records_what_needs_nothing_more() -> None:
    for kind in Kind:
        press = Press({"kind": kind.value, "quantity": "1", "location": "A1-03"})
        assert bool(press.error) == (kind not in PRESSED)
    assert not any(RULES[kind].needs_reason or RULES[kind].needs_approval for kind in PRESSED)


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("kind", ASKED)
def test_the_dialog_takes_the_fields_of_the_table_and_no_other(
    manager: Client, laptop: Product, shelf: Location, kind: Kind, field: str
) -> None:
    Location.objects.create(code="B1")
    told = {name.removesuffix("_id"): str(x) for name, x in filled(field, laptop, shelf).items()}
    answer = said(manager, kind, **told)
    assert (answer.status_code == 302) == (field in RULES[kind].fields)
    assert ("does not take this" in answer.content.decode()) == (field not in RULES[kind].fields)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", Kind)
def test_each_role_records_by_hand_what_the_table_lets_it(
    client_as: Any, kind: Kind, role: Role
) -> None:
    Location.objects.create(code="B1")
    answer = said(client_as(role), kind)
    if RULES[kind].permission in PERMISSIONS[role] and kind in ASKED:
        assert answer.status_code == 302
    else:
        assert answer.status_code in {403, 422}
        assert StockTransaction.objects.count() == 1


def test_the_pages_of_the_other_kinds_ask_for_the_permission_of_the_table() -> None:
    pages = {Kind.REVERSAL: "/transactions/1/reversal/", Kind.COUNT: "/counts/1/posting/"}
    for kind, address in pages.items():
        view: Any = resolve(address).func
        assert view.permission == RULES[kind].permission


def said(client: Client, kind: Kind, **told: str) -> Any:
    """Send the dialog with what this kind needs."""
    data = {"kind": kind.value, "quantity": "1", "location": "A1-03", "seen": "10"}
    data |= {"reason": "Found"} if RULES[kind].needs_reason else {}
    data |= {"destination": "B1"} if kind is Kind.TRANSFER else {}
    return client.post(DIALOG, data | {"idempotency_key": str(uuid4())} | told)
