"""A process that moves units to another place, over and over, while others move them back."""

import json
import sys
from collections import Counter
from uuid import UUID, uuid4

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.stock import ledger  # noqa: E402
from inventory_site.stock.kinds import Kind  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=1), name="Otto Oliveira", email="otto@techstock.example")
away = ledger.Movement(
    product_id=ORDER["product"], location_id=ORDER["here"], kind=Kind.TRANSFER, quantity=1
)
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
outcomes: Counter[str] = Counter()
for _ in range(ORDER["times"]):
    try:
        ledger.transfer(away, to_location_id=ORDER["there"], actor=SOMEBODY, key=uuid4())
        outcomes["ok"] += 1
    except Refusal as refusal:
        outcomes[refusal.code] += 1
    except DatabaseError as error:
        outcomes[f"fault: {error}"] += 1
print(json.dumps(outcomes))
