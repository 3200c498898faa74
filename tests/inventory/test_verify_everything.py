"""A verification looks at all that can disagree: each fault is a sentence with the row's id."""

import pytest

from inventory_site.products.models import Location, Product
from inventory_site.stock.past import take_snapshot
from inventory_site.stock.verification import verify
from tests.inventory.tampering import CHAINED_ANEW, something_of_everything, tamper

pytestmark = pytest.mark.django_db(transaction=True)

# What is done, and what is said of it. {id}: of the row that the sentence names.
TAMPERINGS = {
    "product of a line": (
        "UPDATE stock_transaction SET product_id = 0 WHERE id = {receipt}",
        "transaction {receipt}: its product is not its stock level's",
    ),
    "total on hand": (
        "UPDATE stock_total SET on_hand = 99",
        "product {product}: in all 99 on hand, 2 reserved; its stock levels say 27, 2",
    ),
    "total reserved": (
        "UPDATE stock_total SET reserved = 0",
        "product {product}: in all 27 on hand, 0 reserved; its stock levels say 27, 2",
    ),
    "total value": (
        "UPDATE stock_total SET value = value + 1",
        "product {product}: its value is 55.0000 (2.000000 each);"
        " its transactions say 54.0000 (2.000000)",
    ),
    "average": (
        "UPDATE stock_total SET average = 3",
        "product {product}: its value is 54.0000 (3.000000 each);"
        " its transactions say 54.0000 (2.000000)",
    ),
    "time of a total": (
        "UPDATE stock_total SET moved_at = now() + interval '1 day'",
        "product {product}: when it last moved is not when its stock levels did",
    ),
    "lost total": ("DELETE FROM stock_total", "product {product}: its total is gone"),
    "reserved": (
        "UPDATE stock_level SET reserved = 1 WHERE id = {level}",
        "stock level {level}: reserved is 1, its reservations hold 2",
    ),
    "reservation": (
        "UPDATE stock_reservation SET quantity = 9",
        "reservation {reservation}: of 9 units, 2 are held and 1 were issued",
    ),
    "place of a reservation": (
        "UPDATE stock_reservation SET level_id = 0",
        "reservation {reservation}: its transactions are at another stock level",
    ),
    "lost reservation": (
        "DELETE FROM stock_reservation",
        "reservation {reservation}: it is gone, and its transactions are there",
    ),
    "time of a batch": (
        "UPDATE stock_batch SET created_at = now() WHERE id = {transfer}",
        "transaction {sent}: it does not fit its batch",
    ),
    "person of a batch": (
        "UPDATE stock_batch SET actor_id = gen_random_uuid() WHERE id = {undone}",
        "transaction {back}: it does not fit its batch",
    ),
    "what a batch takes back": (
        "UPDATE stock_batch SET reverses_id = id WHERE id = {undone}",
        "transaction {back}: it does not fit its batch",
    ),
    "lost batch": (
        "DELETE FROM stock_batch WHERE id = {transfer}",
        "transaction {sent}: it does not fit its batch",
    ),
    "approval taken away": (
        "UPDATE stock_approval SET approved_by = NULL, decided_at = NULL",
        "approval {approval}: nobody has approved it, and its transactions are there",
    ),
    "another act approved": (
        "UPDATE stock_approval SET movements = '[{{\"quantity\": 7}}]'",
        "approval {approval}: its transactions are not what was approved",
    ),
    "lost approval": (
        "DELETE FROM stock_approval",
        "approval {approval}: it is gone, and its transactions are there",
    ),
    "tally": (
        "INSERT INTO stock_tally VALUES (0, 1, 0, 0)",
        "tally: the sums of all products are (1,28,0,0), and should be (1,27,0,0)",
    ),
}
# The same with hashes that fit: only the numbers give it away.
WITH_CARE = {
    "value of a line": (
        "UPDATE stock_transaction SET value = 1 WHERE id = {receipt}",
        "transaction {receipt}: its value does not follow",
    ),
    "half a transfer": (
        "UPDATE stock_transaction SET quantity = -3, balance_after = balance_after + 1"
        " WHERE id = {sent}",
        "batch {transfer}: of product {product}, what left one place did not arrive at another",
    ),
    "another line taken back": (
        "UPDATE stock_transaction SET reverses_id = {sent} WHERE id = {back}",
        "transaction {back}: it does not match the transaction it takes back",
    ),
}


@pytest.fixture
def ids(laptop: Product, shelf: Location) -> dict[str, int]:
    """The ids of a ledger with something of everything in it."""
    return something_of_everything(laptop, shelf)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_disagrees_is_named(what: str, ids: dict[str, int]) -> None:
    statement, sentence = TAMPERINGS[what]
    tamper(statement.format(**ids))
    proof = verify()
    assert sentence.format(**ids) in proof.faults
    assert proof.differences == len(proof.faults)


def test_who_approves_what_they_asked_for_is_named(ids: dict[str, int]) -> None:
    tamper(
        "ALTER TABLE stock_approval DROP CONSTRAINT four_eyes",
        "UPDATE stock_approval SET approved_by = created_by",
    )
    proof = verify()
    tamper(
        "UPDATE stock_approval SET approved_by = gen_random_uuid()",
        "ALTER TABLE stock_approval ADD CONSTRAINT four_eyes CHECK (approved_by <> created_by)",
    )
    assert proof.faults == [f"approval {ids['approval']}: who asked for it has approved it"]


@pytest.mark.parametrize("what", WITH_CARE)
def test_hashes_that_fit_do_not_help(what: str, ids: dict[str, int]) -> None:
    statement, sentence = WITH_CARE[what]
    tamper(statement.format(**ids), CHAINED_ANEW.format(level=ids["level"]))
    assert sentence.format(**ids) in verify().faults


def test_what_is_kept_of_the_past_is_looked_at_with_everything(ids: dict[str, int]) -> None:
    assert take_snapshot(lines=0)
    assert verify().differences == 0
    tamper("UPDATE stock_snapshot_product SET on_hand = on_hand + 1")
    assert verify(incremental=True).differences == 0
    (fault,) = verify().faults
    assert f"product {ids['product']}: off by -1 units" in fault
