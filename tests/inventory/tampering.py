"""What only a superuser with the triggers off can do to the ledger, clumsily or with care."""

import os
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, reservations
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Approval, StockTransaction
from tests.inventory.conftest import person

CHAINED_ANEW = """
DO $$
DECLARE t stock_transaction; l stock_level; prev bytea; d bytea;
BEGIN
  SELECT * INTO l FROM stock_level WHERE id = {level};
  FOR t IN SELECT * FROM stock_transaction WHERE level_id = l.id ORDER BY seq LOOP
    d := movement_digest(l.product_id, l.location_id, t.kind, t.quantity, t.actor_id, t.reason,
      t.reference, t.reverses_id, t.batch_id, t.recipient, t.occurred_on, t.supplier_id,
      t.unit_cost, t.reservation_id);
    UPDATE stock_transaction SET prev_hash = coalesce(prev, ''), digest = d, hash = chain_hash(
        coalesce(prev, ''), d, seq, balance_after, idempotency_key, created_at, value, approval_id)
      WHERE id = t.id RETURNING hash INTO prev;
  END LOOP;
  UPDATE stock_level SET head_hash = prev WHERE id = l.id;
END $$
"""


def tamper(*statements: str) -> None:
    """Do something that neither the site nor the owner can; each must change something."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], dbname=name) as superuser:
        superuser.execute("SET session_replication_role = replica")
        for statement in statements:
            assert superuser.execute(statement.encode()).rowcount != 0


def forget_proofs() -> None:
    """Remove what verifications remember, as somebody who knows about it would."""
    tamper("TRUNCATE stock_proven_level, stock_proven_product")


def write_anew(line: StockTransaction) -> None:
    """Change a line, and every hash after it, so that the chain is as good as it was."""
    tamper(
        f"UPDATE stock_transaction SET reason = 'a gift' WHERE id = {line.pk}",
        CHAINED_ANEW.format(level=line.level_id),
    )


def cut_off(line: StockTransaction) -> None:
    """Remove the last line of a level, so that every number is as if it had never been."""
    before = line.balance_after - line.quantity
    tamper(
        f"DELETE FROM stock_transaction WHERE id = {line.pk}",
        "UPDATE stock_level l SET (on_hand, seq, head_hash, moved_at)"
        " = (SELECT balance_after, seq, hash, created_at FROM stock_transaction"
        f" WHERE level_id = l.id ORDER BY seq DESC LIMIT 1) WHERE id = {line.level_id}",
        f"UPDATE stock_total t SET on_hand = {before}, moved_at = l.moved_at FROM stock_level l"
        f" WHERE l.id = {line.level_id} AND t.product_id = l.product_id",
        f"INSERT INTO stock_tally VALUES (0, {-line.quantity}, 0, 0)",
    )


def something_of_everything(product: Product, place: Location) -> dict[str, int]:
    """Write a ledger with something of everything, 27 on hand at 2 each; return its ids."""
    drawer = Location.objects.create(code="A1-04", name="Aisle A1, drawer 4")
    otto, mina = person(Role.OPERATOR), person(Role.MANAGER)
    here: dict[str, Any] = {"product_id": product.pk, "location_id": place.pk}
    bought = Movement(**here, kind=Kind.RECEIPT, quantity=130, unit_cost=Decimal(2))
    receipt = ledger.record(bought, actor=mina, key=uuid4())
    lost = Movement(**here, kind=Kind.ADJUSTMENT, quantity=-102, reason="Lost")
    asked = approvals.record_or_request(lost, actor=otto, key=uuid4())
    assert isinstance(asked, Approval)
    approvals.approve(asked.pk, actor=mina)
    held = reservations.reserve(
        **here, quantity=3, recipient="Ana", until=date.max, actor=otto, key=uuid4()
    )
    issue = Movement(**here, kind=Kind.ISSUE, quantity=-1, reservation_id=held.pk)
    ledger.record(issue, actor=otto, key=uuid4())
    sent = Movement(**here, kind=Kind.TRANSFER, quantity=4)
    transfer = ledger.transfer(sent, to_location_id=drawer.pk, actor=otto, key=uuid4())
    returned = [Movement(**here, kind=Kind.RETURN, quantity=5)]
    bulk = ledger.record_batch(BatchKind.BULK, returned, actor=otto, key=uuid4())
    undone = ledger.reverse_batch(bulk.pk, actor=otto, key=uuid4())
    return {
        "product": product.pk,
        "level": receipt.level_id,
        "receipt": receipt.pk,
        "approval": asked.pk,
        "reservation": held.pk,
        "transfer": transfer.pk,
        "sent": StockTransaction.objects.get(batch=transfer, level=receipt.level_id).pk,
        "undone": undone.pk,
        "back": StockTransaction.objects.get(batch=undone).pk,
    }
