"""What came since the last proof is verified; nothing is missed that everything would show."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from inventory_site.notices.models import Notice
from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockTransaction, Verification
from inventory_site.stock.verification import verify
from tests.inventory.conftest import receive
from tests.inventory.processes import at_once
from tests.inventory.tampering import cut_off, tamper, write_anew
from tests.inventory.test_verify_ledger import TAMPERINGS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lines(laptop: Product, shelf: Location) -> list[StockTransaction]:
    """Two lines that are proven, and three that came since."""
    proven = [receive(laptop, shelf, 5) for _ in range(2)]
    assert verify(incremental=True).differences == 0
    return proven + [receive(laptop, shelf, 5) for _ in range(3)]


def test_only_what_is_new_is_looked_at(lines: list[StockTransaction], laptop: Product) -> None:
    receive(laptop, Location.objects.create(code="A1-04", name=""), 1)
    first, second = verify(incremental=True), verify(incremental=True)
    assert (first.transactions, first.proven, first.levels, first.differences) == (4, 6, 2, 0)
    assert (second.transactions, second.proven, second.levels, second.differences) == (0, 6, 2, 0)
    assert first.full_at is None
    full = verify()
    assert (full.transactions, full.proven, full.full_at) == (6, 6, full.started_at)
    assert verify(incremental=True).full_at == full.started_at


@pytest.mark.parametrize("what", TAMPERINGS)
@pytest.mark.parametrize("nth", [2, 3, 4])
def test_it_finds_of_new_lines_whatever_a_full_verification_finds(
    what: str, nth: int, lines: list[StockTransaction]
) -> None:
    tamper(TAMPERINGS[what].format(id=lines[nth].pk))
    found = verify(incremental=True).faults
    assert found
    # A line that is now older than what is rolled up is missed there as well.
    assert found == [fault for fault in verify().faults if not fault.startswith("rollup")]


def changed_head(line: StockTransaction) -> None:
    tamper(f"UPDATE stock_level SET head_hash = sha256('x') WHERE id = {line.level_id}")


def removed(line: StockTransaction) -> None:
    tamper(f"DELETE FROM stock_transaction WHERE id = {line.pk}")


def removed_level(line: StockTransaction) -> None:
    tamper("DELETE FROM stock_transaction", "DELETE FROM stock_level",
           "UPDATE stock_total SET on_hand = 0, moved_at = NULL")  # fmt: skip


LATER = {
    "changed head": (
        changed_head,
        "stock level {level}: its head is not its last transaction",
    ),
    "removed tail": (removed, "stock level {level}: on hand is 25, its last transaction says 20"),
    "cut off": (cut_off, "stock level {level}: 5 transactions were proven before, 4 are there"),
    "written anew": (write_anew, "transaction {line}: it is not the line that was proven before"),
    "level removed": (
        removed_level,
        "stock level {level}: it is gone, with 5 transactions that were proven before",
    ),
}


@pytest.mark.parametrize("what", LATER)
def test_what_was_proven_must_still_be_there(what: str, lines: list[StockTransaction]) -> None:
    do, sentence = LATER[what]
    assert verify(incremental=True).differences == 0
    do(lines[-1])
    said = sentence.format(level=lines[-1].level_id, line=lines[-1].pk)
    assert said in verify(incremental=True).faults
    assert said in verify().faults
    assert said in verify(incremental=True).faults, "what was found is found again"


def test_a_suspect_is_verified_from_its_beginning_until_it_is_good(
    lines: list[StockTransaction],
) -> None:
    assert verify(incremental=True).differences == 0
    tamper(f"UPDATE stock_transaction SET reference = 'x' WHERE id = {lines[0].pk}")
    assert verify(incremental=True).differences == 0, "it was proven: that takes a full one"
    full, later = verify(), verify(incremental=True)
    assert full.faults == later.faults == [f"transaction {lines[0].pk}: its content was changed"]
    assert later.transactions == 5
    tamper(f"UPDATE stock_transaction SET reference = '' WHERE id = {lines[0].pk}")
    mended, after = verify(incremental=True), verify(incremental=True)
    assert [(p.differences, p.transactions) for p in (mended, after)] == [(0, 5), (0, 0)]
    assert Notice.objects.count() == 1, "the same is not told again every few minutes"


def test_a_line_that_commits_late_is_not_missed(lines: list[StockTransaction]) -> None:
    other = Product.objects.create(sku="X-1", name="Another")
    shelf = Location.objects.get()
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["INVENTORY_DATABASE_URL"], dbname=name) as slow:
        slow.execute(
            "SELECT record_movement(jsonb_build_object('product', %s::bigint, 'location',"
            " %s::bigint, 'kind', 'receipt', 'quantity', 5), gen_random_uuid(), 'Somebody', '',"
            " gen_random_uuid())",
            [other.pk, shelf.pk],
        )
        receive(lines[0].level.product, shelf, 1)
        assert verify(incremental=True).transactions == 4
    late = StockTransaction.objects.get(product=other)
    assert late.pk < StockTransaction.objects.latest("id").pk
    tamper(f"UPDATE stock_transaction SET reason = 'gift' WHERE id = {late.pk}")
    found = verify(incremental=True)
    assert found.transactions == 1
    assert found.faults == [f"transaction {late.pk}: its content was changed"]


def test_movements_that_go_on_raise_no_false_alarm(laptop: Product, shelf: Location) -> None:
    drawer = Location.objects.create(code="A1-04", name="")
    order = {"key": None, "product": laptop.pk, "quantity": 1, "threads": 2, "times": 40}
    orders = [order | {"places": places} for places in ([shelf.pk, drawer.pk], [shelf.pk])]
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(at_once, "tests.inventory.mover", orders)
        while not writing.done():
            verify(incremental=True)
            verify(jobs=2)
    assert writing.result() == [["ok"] * 80, writing.result()[1]]
    proof = verify(incremental=True)
    assert proof.proven == verify().transactions == 240
    assert not Verification.objects.exclude(differences=0).values_list("faults", flat=True)


def test_what_verifications_remember_is_not_for_the_site_to_change() -> None:
    rows = ("stock_proven_level", "stock_proven_product", "stock_verification_part")
    for row in rows:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.cursor() as cursor:
            cursor.connection.execute(f"DELETE FROM {row}")
