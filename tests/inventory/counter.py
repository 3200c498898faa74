"""A process that counts, moves or posts, over and over, while others do the same."""

import json
import sys
from uuid import UUID, uuid4

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.counts import counting, posting  # noqa: E402
from inventory_site.counts.counting import Counted  # noqa: E402
from inventory_site.counts.models import Count  # noqa: E402
from inventory_site.stock import ledger  # noqa: E402
from inventory_site.stock.kinds import BatchKind, Kind  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=ORDER["who"]), name="Somebody", email="")
COUNT = Count.objects.get(pk=ORDER["count"])


def do() -> None:
    """Do once what was ordered, over all places, in the order that was ordered."""
    places, product, key = ORDER["places"], ORDER["product"], uuid4()
    if ORDER["what"] == "count":
        said = [
            Counted(product_id=product, location_id=place, quantity=1, is_more=True)
            for place in places
        ]
        counting.record(COUNT, said, actor=SOMEBODY, key=key)
    elif ORDER["what"] == "move":
        moves = [
            ledger.Movement(product_id=product, location_id=place, kind=Kind.RECEIPT, quantity=1)
            for place in places
        ]
        ledger.record_batch(BatchKind.BULK, moves, actor=SOMEBODY, key=key)
    else:
        posting.post(COUNT, is_rest_none=False, actor=SOMEBODY, key=key)


connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
outcomes = []
for _ in range(ORDER["times"]):
    try:
        do()
        outcomes.append("ok")
    except Refusal as refusal:
        outcomes.append(refusal.code)
    except DatabaseError as error:
        outcomes.append(str(error))
print(json.dumps(outcomes))
