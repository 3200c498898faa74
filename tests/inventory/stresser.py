"""A process that does a number of acts at random on a world that others act on at the same time.

Prints how often each act happened, or by what it was refused; a fault of the database ends it.
"""

import json
import random
import sys
from collections import Counter
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.products.models import Location, Product  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402
from tests.inventory import acts  # noqa: E402

ORDER = json.loads(sys.argv[1])
chance = random.Random(ORDER["seed"])  # noqa: S311 (chance, not a secret)
world = acts.World(
    list(Product.objects.filter(pk__in=ORDER["products"])),
    list(Location.objects.filter(pk__in=ORDER["places"])),
    [Person(id=UUID(int=n), name=f"Person {n}", email=f"{n}@x.example") for n in (1, 2, 3)],
)
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
outcomes: Counter[str] = Counter()
for _ in range(ORDER["times"]):
    act = chance.choice(acts.ACTS)
    try:
        act(world, chance)
        outcomes[act.__name__] += 1
    except Refusal as refusal:
        outcomes[refusal.code] += 1
print(json.dumps(outcomes))
