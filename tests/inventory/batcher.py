"""A process that records batches over products that others batch at the same time, in any order."""

import json
import random
import sys
from uuid import UUID, uuid4

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.stock import ledger  # noqa: E402
from inventory_site.stock.kinds import BatchKind, Kind  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=1), name="Otto Oliveira", email="otto@techstock.example")
chance = random.Random(ORDER["seed"])  # noqa: S311 (chance, not a secret)
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
whole, refused, faults = 0, 0, []
for _ in range(ORDER["times"]):
    products = chance.sample(ORDER["products"], ORDER["lines"])
    moves = [
        ledger.Movement(
            product_id=product,
            location_id=chance.choice(ORDER["places"]),
            kind=kind,
            quantity=quantity,
        )
        for product in products
        for kind, quantity in [chance.choice([(Kind.RECEIPT, 2), (Kind.ISSUE, -1)])]
    ]
    try:
        ledger.record_batch(BatchKind.BULK, moves, actor=SOMEBODY, key=uuid4())
        whole += 1
    except Refusal:
        refused += 1
    except DatabaseError as error:
        faults.append(str(error))
print(json.dumps({"whole": whole, "refused": refused, "faults": faults}))
