"""A process that approves or refuses the same acts as others do, at the same time."""

import json
import sys
from collections import Counter
from uuid import UUID

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.stock import approvals  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=ORDER["who"]), name="Somebody", email="")
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
outcomes: Counter[str] = Counter()
for act in ORDER["acts"]:
    try:
        if ORDER["approves"]:
            approvals.approve(act, actor=SOMEBODY)
        else:
            approvals.refuse(act, actor=SOMEBODY, refusal="No")
        outcomes["ok"] += 1
    except Refusal as refusal:
        outcomes[refusal.code] += 1
    except DatabaseError as error:
        outcomes[f"fault: {error}"] += 1
print(json.dumps(outcomes))
