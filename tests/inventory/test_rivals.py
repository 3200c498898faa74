"""What went wrong with stock elsewhere, case by case, and does not here.

Each docstring names the public report that tells the case. The cases of many people at once are in
`test_rivals_at_once.py`, those of imports in `test_rivals_imports.py`.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import StockLevel, StockTotal, StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.soundness import assert_sound
from tests.inventory.test_bearer import bearer, program
from tests.inventory.test_erasure import erasure

pytestmark = pytest.mark.django_db
OTTO = person(Role.OPERATOR)


def movement(product: Product, place: Location, kind: Kind, quantity: int) -> ledger.Movement:
    return ledger.Movement(
        product_id=product.pk, location_id=place.pk, kind=kind, quantity=quantity
    )


def test_a_program_is_held_to_the_same_quantity_as_a_page(laptop: Product, shelf: Location) -> None:
    """snipe-it#19037: the API has no quantity check; the UI has."""
    receive(laptop, shelf, 3)
    answer = program(bearer(Role.OPERATOR)).post(
        f"/products/{laptop.sku}/transactions/?location={shelf.code}",
        {"kind": "issue", "quantity": "4", "idempotency_key": str(uuid4())},
        follow=True,
    )
    assert "Not enough stock: only 3 available." in answer.content.decode()
    assert StockLevel.objects.get().on_hand == 3
    assert StockTransaction.objects.count() == 1


def test_who_is_erased_leaves_every_record_of_what_they_did(
    laptop: Product, shelf: Location
) -> None:
    """snipe-it#6046: "check in and delete user" leaves no check-in record."""
    receive(laptop, shelf, 3)
    marina = person(Role.MANAGER)
    back = ledger.Movement(
        product_id=laptop.pk, location_id=shelf.pk, kind=Kind.RETURN, quantity=1, recipient="Ana"
    )
    line = ledger.record(back, actor=marina, key=uuid4())
    cut_offs.write(erasure(marina.id))
    line.refresh_from_db()
    assert (line.kind, line.actor_id, line.recipient) == (Kind.RETURN, marina.id, "Ana")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_person")
    assert StockTransaction.objects.count() == 2


def test_the_history_of_what_ran_out_stays(
    laptop: Product, shelf: Location, operator: Client
) -> None:
    """InvenTree#4103: history lost when stock reaches 0."""
    receive(laptop, shelf, 3)
    ledger.record(movement(laptop, shelf, Kind.ISSUE, -3), actor=OTTO, key=uuid4())
    assert list(laptop.transactions.order_by("seq").values_list("quantity", "balance_after")) == [
        (3, 3),
        (-3, 0),
    ]
    page = operator.get(f"/products/{laptop.sku}/transactions/").content.decode()
    assert "0 → 3" in page
    assert "3 → 0" in page


def test_more_than_there_is_is_refused_and_never_cut_down_to_what_there_is(
    laptop: Product, shelf: Location
) -> None:
    """InvenTree (2025-08): removing 10 from 3 clamps to 0 and logs "removed 10"."""
    receive(laptop, shelf, 3)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        ledger.record(movement(laptop, shelf, Kind.ISSUE, -10), actor=OTTO, key=uuid4())
    assert refusal.value.detail == 3
    assert StockLevel.objects.get().on_hand == 3
    assert StockTransaction.objects.count() == 1


def test_an_undone_receipt_leaves_ledger_and_balance_at_the_same_zero(
    laptop: Product, shelf: Location
) -> None:
    """erpnext#54528: cancelling a receipt: ledger 0, balance still 2 ("ghost stock")."""
    lines = [movement(laptop, shelf, Kind.RECEIPT, 2)]
    batch = ledger.record_batch(BatchKind.RECEIPT, lines, actor=OTTO, key=uuid4())
    ledger.reverse_batch(batch.pk, actor=OTTO, key=uuid4())
    assert sum(StockTransaction.objects.values_list("quantity", flat=True)) == 0
    assert StockLevel.objects.get().on_hand == 0
    assert StockTotal.objects.get().on_hand == 0
    assert_sound()


def test_a_reply_that_got_lost_after_the_commit_is_asked_for_again_and_counts_once(
    laptop: Product, shelf: Location, operator: Client
) -> None:
    """shelf.nu#2924: the same units handed out twice; one a 500 after commit, so clients retry."""
    receive(laptop, shelf, 3)
    act = {"kind": "issue", "quantity": "2", "idempotency_key": str(uuid4())}
    address = f"/products/{laptop.sku}/transactions/?location={shelf.code}"
    first, again = operator.post(address, act), operator.post(address, act)
    assert (first.status_code, again.status_code) == (302, 302)
    assert StockLevel.objects.get().on_hand == 1
    assert StockTransaction.objects.filter(kind=Kind.ISSUE).count() == 1


@pytest.mark.parametrize("statement", ["DELETE FROM products_product", "DELETE FROM stock_level"])
def test_nothing_that_is_deleted_takes_its_history_along(
    statement: str, laptop: Product, shelf: Location, manager: Client
) -> None:
    """netbox#7333: deleting an object cascaded away its change log."""
    receive(laptop, shelf, 3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    manager.post(f"/admin/products/product/{laptop.pk}/delete/", {"post": "yes"})
    assert StockTransaction.objects.get().product_id == laptop.pk
    assert Product.objects.filter(pk=laptop.pk).exists()


def test_what_is_handed_out_is_in_the_history_with_who_got_it(
    laptop: Product, shelf: Location
) -> None:
    """glpi#17251: handing out a consumable left no history."""
    receive(laptop, shelf, 3)
    out = ledger.Movement(
        product_id=laptop.pk, location_id=shelf.pk, kind=Kind.ISSUE, quantity=-1, recipient="Ana"
    )
    line = ledger.record(out, actor=OTTO, key=uuid4())
    assert (line.recipient, line.actor_id, line.balance_before) == ("Ana", OTTO.id, 3)


def test_no_form_and_no_admin_page_writes_a_quantity_past_the_ledger(
    laptop: Product, shelf: Location, client_as: Callable[[Role], Client]
) -> None:
    """Part-DB#408: the API can only PATCH the amount, so the withdraw log is bypassed."""
    receive(laptop, shelf, 3)
    admin = client_as(Role.ADMIN)
    facts = {"name": "Laptop", "reorder_point": "1", "on_hand": "99", "quantity": "99"}
    admin.post(f"/products/{laptop.sku}/edit/", facts)
    admin.post(f"/admin/products/product/{laptop.pk}/change/", facts | {"sku": laptop.sku})
    level = StockLevel.objects.get()
    admin.post(f"/admin/stock/stocklevel/{level.pk}/change/", {"on_hand": "99"})
    level.refresh_from_db()
    assert level.on_hand == 3
    laptop.refresh_from_db()
    assert laptop.name == "Laptop"  # the forms themselves were taken
    assert StockTransaction.objects.count() == 1
