"""A process that moves stock from several threads at once, each on a connection of its own.

Run as a module with one JSON argument; says "ready" when all are connected, starts at the first
line on its standard input, and then says how each movement ended.
"""

import json
import sys
import threading
from uuid import UUID, uuid4

import django

django.setup()

from django.db import connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.stock import ledger, refusals  # noqa: E402
from inventory_site.stock.kinds import BatchKind, Kind  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=1), name="Otto Oliveira", email="otto@techstock.example")
KIND = Kind.RECEIPT if ORDER["quantity"] > 0 else Kind.ISSUE
start, connected = threading.Event(), threading.Barrier(ORDER["threads"] + 1)
outcomes: list[str] = []


def move() -> None:
    """Do as ordered, `times` times over."""
    connection.ensure_connection()
    connected.wait()
    start.wait()
    for _ in range(ORDER["times"]):
        moves = [
            ledger.Movement(
                product_id=ORDER["product"],
                location_id=place,
                kind=KIND,
                quantity=ORDER["quantity"],
            )
            for place in ORDER["places"]
        ]
        try:
            if len(moves) > 1:
                ledger.record_batch(BatchKind.BULK, moves, actor=SOMEBODY, key=uuid4())
                outcomes.append("ok")
            else:
                key = UUID(ORDER["key"]) if ORDER["key"] else uuid4()
                line = ledger.record(moves[0], actor=SOMEBODY, key=key)
                outcomes.append(f"ok {line.pk}")
        except refusals.Refusal as refusal:
            outcomes.append(refusal.code)
    connection.close()


threads = [threading.Thread(target=move) for _ in range(ORDER["threads"])]
for thread in threads:
    thread.start()
connected.wait()
print("ready", flush=True)
sys.stdin.readline()
start.set()
for thread in threads:
    thread.join()
print(json.dumps(outcomes))
