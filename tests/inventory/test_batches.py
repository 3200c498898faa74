"""Acts of several lines as pages: put together, previewed, recorded and undone as one."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock import ledger
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.models import Approval, Batch, StockLevel, StockTotal, StockTransaction
from tests.inventory.conftest import person, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def levels(laptop: Product, shelf: Location) -> list[StockLevel]:
    """Five laptops and eight docks on a shelf."""
    dock = Product.objects.create(sku="DK-1", name="Dock")
    receive(laptop, shelf, 5)
    receive(dock, shelf, 8)
    return list(StockLevel.objects.order_by("product_id"))


def act(client: Client, levels: list[StockLevel], *units: int, **data: str) -> Any:
    """Send the bulk form for these levels."""
    query = "&".join(f"level={level.pk}" for level in levels)
    told = {f"units-{level.pk}": str(n) for level, n in zip(levels, units, strict=True)}
    key = {"idempotency_key": str(uuid4())}
    return client.post(f"/batches/new/?{query}", told | key | data)


def test_what_is_impossible_is_said_line_by_line_and_nothing_moves(
    operator: Client, levels: list[StockLevel]
) -> None:
    page = act(operator, levels, 6, 2, kind="issue", confirm="1").content.decode()
    assert page.count("Not enough stock: only 5 available.") == 2  # of the whole, and at its line
    assert "Do it" not in page
    assert StockTransaction.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "adjustment"}, "Choose what to do."),
        ({"kind": "transfer"}, "Say where it goes."),
        ({"kind": "transfer", "destination": "a1-03"}, "It is there already."),
        ({"kind": "write_off"}, "Choose a reason from the list."),
        ({"kind": "issue", "destination": "A1-03"}, "does not take this."),
    ],
)
def test_a_form_that_does_not_make_sense_is_refused_at_its_field(
    operator: Client, levels: list[StockLevel], data: dict[str, str], sentence: str
) -> None:
    answer = act(operator, levels, 1, 1, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_preview_shows_before_and_after_and_writes_nothing(
    operator: Client, levels: list[StockLevel]
) -> None:
    page = act(operator, levels, 2, 0, kind="issue").content.decode()
    assert "5 → 3" in page
    assert "Do it" in page
    assert Batch.objects.count() == 0


def test_a_transfer_of_several_moves_all_or_nothing_and_is_undone_as_one(
    operator: Client, levels: list[StockLevel]
) -> None:
    Location.objects.create(code="B1")
    answer = act(operator, levels, 2, 8, kind="transfer", destination="b1", confirm="1")
    batch = Batch.objects.get()
    assert answer.headers["Location"] == f"/batches/{batch.pk}/"
    assert {line.created_at for line in batch.lines.all()} == {batch.created_at}
    there = StockLevel.objects.filter(location__code="B1").order_by("product_id")
    assert [level.on_hand for level in there] == [2, 8]
    assert sum(StockTotal.objects.values_list("on_hand", flat=True)) == 13
    undo = {"idempotency_key": str(uuid4())}
    operator.post(f"/batches/{batch.pk}/reversal/", undo)
    assert [level.on_hand for level in there.all()] == [0, 0]
    assert "Undone by" in operator.get(f"/batches/{batch.pk}/").content.decode()
    again = operator.post(f"/batches/{batch.pk}/reversal/", {"idempotency_key": str(uuid4())})
    assert "This transaction has already been undone." in again.content.decode()


def test_an_undo_that_stock_is_missing_for_names_the_lines_and_leaves_all_as_it_is(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    """What an import or a delivery brought, and somebody has taken since."""
    came = ledger.Movement(
        product_id=laptop.pk, location_id=shelf.pk, kind=Kind.RECEIPT, quantity=4
    )
    actor = person(Role.MANAGER)
    batch = ledger.record_batch(BatchKind.RECEIPT, [came], actor=actor, key=uuid4())
    out = ledger.Movement(product_id=laptop.pk, location_id=shelf.pk, kind=Kind.ISSUE, quantity=-3)
    ledger.record(out, actor=actor, key=uuid4())
    answer = manager.post(f"/batches/{batch.pk}/reversal/", {"idempotency_key": str(uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "the stock of some lines has gone" in page
    assert "What stands in the way" in page
    assert StockLevel.objects.get().on_hand == 1


def test_one_key_sent_twice_counts_once(operator: Client, levels: list[StockLevel]) -> None:
    told = {"kind": "issue", "confirm": "1", "idempotency_key": str(uuid4())}
    first = act(operator, levels, 1, 1, **told)
    again = act(operator, levels, 1, 1, **told)
    assert first.headers["Location"] == again.headers["Location"]
    assert StockTransaction.objects.filter(kind=Kind.ISSUE).count() == 2


def test_a_large_write_off_of_several_waits_as_a_whole(
    operator: Client, levels: list[StockLevel], shelf: Location
) -> None:
    for level in levels:
        receive(level.product, shelf, 100)
    answer = act(operator, levels, 60, 60, kind="write_off", reason="Damaged", confirm="1")
    assert answer.headers["Location"] == f"/approvals/{Approval.objects.get().pk}/"
    assert not StockTransaction.objects.filter(kind=Kind.WRITE_OFF).exists()


def test_a_delivery_is_received_line_by_line_with_what_it_cost(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    supplier = Supplier.objects.create(name="Acme")
    lines = {"line-TOTAL_FORMS": "10", "line-INITIAL_FORMS": "0"}
    first = {"sku": "nb-len-t14", "location": "A1-03", "quantity": "4", "unit_cost": "999.50"}
    data = lines | {f"line-0-{name}": value for name, value in first.items()}
    data |= {"supplier": str(supplier.pk), "reference": "LS-1", "idempotency_key": str(uuid4())}
    assert "0 → 4" in operator.post("/receipts/new/", data).content.decode()
    operator.post("/receipts/new/", data | {"confirm": "1"})
    line = StockTransaction.objects.get()
    assert (line.supplier, line.reference, str(line.unit_cost)) == (supplier, "LS-1", "999.5000")
    assert str(StockTotal.objects.get(product=laptop).value) == "3998.0000"


def test_an_empty_or_wrong_delivery_is_refused_and_more_lines_can_be_had(operator: Client) -> None:
    lines = {"line-TOTAL_FORMS": "10", "line-INITIAL_FORMS": "0"}
    empty = operator.post("/receipts/new/", lines)
    assert empty.status_code == 422
    assert "Fill in at least one line." in empty.content.decode()
    wrong = operator.post("/receipts/new/", lines | {"line-0-sku": "GONE"}).content.decode()
    assert "There is no product with the SKU “GONE”." in wrong
    more = operator.post("/receipts/new/", lines | {"more": "1"}).content.decode()
    assert 'name="line-19-sku"' in more


@pytest.mark.parametrize("address", ["/batches/", "/batches/?kind=transfer"])
def test_everybody_may_look_at_batches(client_as: Callable[[Role], Client], address: str) -> None:
    assert client_as(Role.VIEWER).get(address).status_code == 200
