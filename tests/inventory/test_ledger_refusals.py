"""What the ledger refuses, and that nothing is left behind when it does."""

from uuid import uuid4

import pytest

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import MAX_QUANTITY, RULES, BatchKind, Kind
from inventory_site.stock.models import StockLevel, StockTransaction
from tests.inventory.conftest import person, receive


def movement(product: Product, shelf: Location, **changes: object) -> ledger.Movement:
    good = {"product_id": product.pk, "location_id": shelf.pk, "kind": Kind.RECEIPT, "quantity": 1}
    return ledger.Movement(**(good | changes))  # type: ignore[arg-type]


def test_more_than_there_is_is_refused_and_says_what_there_is(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 3)
    with pytest.raises(refusals.InsufficientStock) as refusal:
        ledger.record(
            movement(laptop, shelf, kind=Kind.ISSUE, quantity=-4),
            actor=person(Role.OPERATOR),
            key=uuid4(),
        )
    assert refusal.value.sentence == "Not enough stock: only 3 available."
    assert StockLevel.objects.get().on_hand == 3
    assert StockTransaction.objects.count() == 1


def test_an_issue_where_nothing_ever_was_leaves_not_even_a_level(
    laptop: Product, shelf: Location
) -> None:
    with pytest.raises(refusals.InsufficientStock):
        ledger.record(
            movement(laptop, shelf, kind=Kind.ISSUE, quantity=-1),
            actor=person(Role.OPERATOR),
            key=uuid4(),
        )
    assert not StockLevel.objects.exists()


@pytest.mark.parametrize(
    ("kind", "quantity", "reason"),
    [
        (Kind.RECEIPT, -1, ""),
        (Kind.RECEIPT, 0, ""),
        (Kind.ISSUE, 1, ""),
        (Kind.ADJUSTMENT, 0, "counted"),
        (Kind.ADJUSTMENT, 5, ""),
        (Kind.REVERSAL, 1, ""),
        (Kind.RECEIPT, MAX_QUANTITY + 1, ""),
        (Kind.RECEIPT, 1, "x" * 201),
    ],
)
def test_a_movement_that_breaks_the_rule_of_its_kind_is_refused_by_the_database(
    laptop: Product, shelf: Location, kind: Kind, quantity: int, reason: str
) -> None:
    receive(laptop, shelf, 5)
    asked = movement(laptop, shelf, kind=kind, quantity=quantity, reason=reason)
    with pytest.raises(refusals.NotAllowedHere):
        ledger.record(asked, actor=person(Role.OPERATOR), key=uuid4())
    assert StockTransaction.objects.count() == 1


def test_the_table_of_kinds_and_the_database_agree_on_signs(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    for kind in (Kind.RECEIPT, Kind.ISSUE, Kind.ADJUSTMENT):
        for sign in (+1, -1):
            asked = movement(laptop, shelf, kind=kind, quantity=sign, reason="because")
            if RULES[kind].sign in (0, sign):
                ledger.record(asked, actor=person(Role.OPERATOR), key=uuid4())
            else:
                with pytest.raises(refusals.NotAllowedHere):
                    ledger.record(asked, actor=person(Role.OPERATOR), key=uuid4())


def test_a_key_used_for_one_movement_is_refused_for_another(
    laptop: Product, shelf: Location
) -> None:
    key = uuid4()
    ledger.record(movement(laptop, shelf), actor=person(Role.OPERATOR), key=key)
    with pytest.raises(refusals.KeyReused):
        ledger.record(movement(laptop, shelf, quantity=2), actor=person(Role.OPERATOR), key=key)
    elsewhere = Location.objects.create(code="B1-01")
    with pytest.raises(refusals.KeyReused):
        ledger.record(movement(laptop, elsewhere), actor=person(Role.OPERATOR), key=key)
    assert StockTransaction.objects.count() == 1


def test_the_same_key_and_content_give_the_same_line_and_count_once(
    laptop: Product, shelf: Location
) -> None:
    key = uuid4()
    first = ledger.record(movement(laptop, shelf), actor=person(Role.OPERATOR), key=key)
    again = ledger.record(movement(laptop, shelf), actor=person(Role.OPERATOR), key=key)
    assert first.pk == again.pk
    assert StockLevel.objects.get().on_hand == 1


def test_a_key_belongs_to_one_person(laptop: Product, shelf: Location) -> None:
    key = uuid4()
    ledger.record(movement(laptop, shelf), actor=person(Role.OPERATOR), key=key)
    ledger.record(movement(laptop, shelf), actor=person(Role.MANAGER), key=key)
    assert StockLevel.objects.get().on_hand == 2


def test_a_correction_of_a_quantity_that_changed_meanwhile_is_refused(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    asked = movement(laptop, shelf, kind=Kind.ADJUSTMENT, quantity=-1, reason="counted", seen=4)
    with pytest.raises(refusals.StockChanged) as refusal:
        ledger.record(asked, actor=person(Role.OPERATOR), key=uuid4())
    assert refusal.value.detail == 5


def test_one_bad_line_refuses_the_whole_batch(laptop: Product, shelf: Location) -> None:
    lines = [
        movement(laptop, shelf, quantity=5),
        movement(laptop, shelf, kind=Kind.ISSUE, quantity=-6),
    ]
    with pytest.raises(refusals.InsufficientStock):
        ledger.record_batch(BatchKind.BULK, lines, actor=person(Role.OPERATOR), key=uuid4())
    assert not StockLevel.objects.exists()


def test_a_product_or_place_that_is_gone_is_refused_in_a_sentence(
    laptop: Product, shelf: Location
) -> None:
    with pytest.raises(refusals.UnknownPlace):
        ledger.record(
            movement(laptop, shelf, location_id=999_999), actor=person(Role.OPERATOR), key=uuid4()
        )
