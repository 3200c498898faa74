"""`verify_ledger` finds what even a superuser did behind the ledger's back, and names it."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.models import StockTransaction, Verification
from tests.inventory.conftest import person, receive
from tests.inventory.tampering import tamper

pytestmark = pytest.mark.django_db(transaction=True)

TAMPERINGS = {
    "quantity": "UPDATE stock_transaction SET quantity = 7, balance_after = 7 WHERE id = {id}",
    "reason": "UPDATE stock_transaction SET reason = 'gift' WHERE id = {id}",
    "actor": "UPDATE stock_transaction SET actor_id = gen_random_uuid() WHERE id = {id}",
    "time": "UPDATE stock_transaction SET created_at = created_at - interval '1 s' WHERE id = {id}",
    "key": "UPDATE stock_transaction SET idempotency_key = gen_random_uuid() WHERE id = {id}",
    "hash": "UPDATE stock_transaction SET hash = sha256('x') WHERE id = {id}",
    "kind and digest": "UPDATE stock_transaction SET kind = 'adjustment', reason = 'x',"
    " digest = movement_digest(1, 1, 'adjustment', 5, actor_id, 'x', '', NULL, NULL, '', NULL,"
    " NULL, NULL, NULL) WHERE id = {id}",
}


@pytest.fixture
def lines(laptop: Product, shelf: Location) -> list[StockTransaction]:
    """Three lines of one level."""
    return [receive(laptop, shelf, 5) for _ in range(3)]


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_tampered_line_is_found_by_its_id(
    what: str, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(TAMPERINGS[what].format(id=lines[1].pk))
    with pytest.raises(SystemExit) as end:
        call_command("verify_ledger")
    assert end.value.code == 1
    assert f"First difference: transaction {lines[1].pk}: " in capsys.readouterr().err


def test_a_removed_line_is_noticed_at_the_next(
    lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(f"DELETE FROM stock_transaction WHERE id = {lines[1].pk}")
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert f"transaction {lines[2].pk}: a line before it is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "DELETE FROM stock_transaction WHERE seq = 3",
            "on hand is 15, its last transaction says 10",
        ),
        ("UPDATE stock_level SET on_hand = 16", "on hand is 16, its last transaction says 15"),
        ("UPDATE stock_level SET head_hash = ''", "its head is not its last transaction"),
        ("UPDATE stock_level SET moved_at = now()", "its head is not its last transaction"),
    ],
)
def test_a_balance_that_its_lines_do_not_explain_is_found(
    statement: str, sentence: str, lines: list[StockTransaction], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(statement)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert f"stock level {lines[0].level_id}: {sentence}\n" in capsys.readouterr().err


def test_a_removed_level_leaves_lines_that_are_found(lines: list[StockTransaction]) -> None:
    tamper("DELETE FROM stock_level")
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    proof = Verification.objects.get()
    assert proof.first_bad == f"transaction {lines[0].pk}: its stock level is gone"
    assert proof.transactions == 3


def test_a_line_moved_to_another_product_is_found(lines: list[StockTransaction]) -> None:
    other = Product.objects.create(sku="X-1", name="Another")
    tamper(f"UPDATE stock_level SET product_id = {other.pk}")
    with pytest.raises(SystemExit):
        call_command("verify_ledger")


def test_an_untouched_ledger_verifies_and_the_dashboard_says_so(
    lines: list[StockTransaction], operator: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "The ledger has not been verified yet." in operator.get("/").content.decode()
    ledger.reverse(lines[0].pk, actor=person(Role.OPERATOR), key=uuid4())
    call_command("verify_ledger")
    said = "1 balances re-derived from 4 transactions, 0 differences"
    assert said in capsys.readouterr().out
    assert Verification.objects.get().differences == 0
    page = operator.get("/").content.decode()
    assert "1 balances re-derived from 4 transactions at" in page
    assert "0 differences" in page
