"""A process that reserves, issues and releases at one place while others do the same."""

import json
import random
import sys
from collections import Counter
from datetime import date
from uuid import UUID, uuid4

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from inventory_site.access.models import Person  # noqa: E402
from inventory_site.stock import ledger, reservations  # noqa: E402
from inventory_site.stock.kinds import Kind  # noqa: E402
from inventory_site.stock.models import Reservation  # noqa: E402
from inventory_site.stock.refusals import Refusal  # noqa: E402

ORDER = json.loads(sys.argv[1])
SOMEBODY = Person(id=UUID(int=ORDER["who"]), name="Somebody", email="")
chance = random.Random(ORDER["seed"])  # noqa: S311 (chance, not a secret)


def reserve() -> None:
    """Hold a few units, or under a given key always the same."""
    reservations.reserve(
        product_id=ORDER["product"],
        location_id=ORDER["place"],
        quantity=2 if ORDER["key"] else chance.randint(1, 4),
        recipient="Ana",
        until=date.max,
        actor=SOMEBODY,
        key=UUID(ORDER["key"]) if ORDER["key"] else uuid4(),
    )


def issue() -> None:
    """Take units, out of anybody's reservation or of what is free."""
    open_ones: list[Reservation | None] = [None]
    open_ones += Reservation.objects.filter(level__product=ORDER["product"])
    held = chance.choice(open_ones)
    asked = ledger.Movement(
        product_id=ORDER["product"],
        location_id=ORDER["place"],
        kind=Kind.ISSUE,
        quantity=-chance.randint(1, 3),
        reservation_id=held.pk if held else None,
    )
    ledger.record(asked, actor=SOMEBODY, key=uuid4())


def receive() -> None:
    """Put a few units there, so that it goes on."""
    asked = ledger.Movement(
        product_id=ORDER["product"],
        location_id=ORDER["place"],
        kind=Kind.RECEIPT,
        quantity=chance.randint(1, 3),
    )
    ledger.record(asked, actor=SOMEBODY, key=uuid4())


def release() -> None:
    """Let go of anybody's reservation, open or not."""
    if held := list(Reservation.objects.filter(level__product=ORDER["product"])):
        reservations.release(chance.choice(held).pk, actor=SOMEBODY)


ACTS = {"reserve": reserve, "issue": issue, "receive": receive, "release": release}
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
outcomes: Counter[str] = Counter()
for _ in range(ORDER["times"]):
    act = chance.choice(ORDER["acts"])
    try:
        ACTS[act]()
        outcomes[act] += 1
    except Refusal as refusal:
        outcomes[refusal.code] += 1
    except DatabaseError as error:
        outcomes[f"fault: {error}"] += 1
print(json.dumps(outcomes))
