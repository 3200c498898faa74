"""Several processes that do everything at random, at the same time, leave the ledger sound."""

from collections import Counter
from uuid import uuid4

import pytest

from inventory_site.products.models import Category, Location, Product
from tests.inventory import acts
from tests.inventory.processes import at_once
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_everything_at_once_the_ledger_is_sound() -> None:
    name = uuid4().hex[:8]
    products = [Product.objects.create(sku=f"{name}-{n}", name="Product").pk for n in range(4)]
    places = [Location.objects.create(code=f"{name}-{n}").pk for n in range(3)]
    Category.objects.bulk_create(Category(name=f"{name}-{n}") for n in range(2))
    order = {"products": products, "places": places, "times": 250}
    orders = [order | {"seed": seed} for seed in range(4)]
    outcomes: Counter[str] = Counter()
    for each in at_once("tests.inventory.stresser", orders, seconds=120):
        outcomes.update(each)
    assert outcomes.total() == 1000
    assert set(outcomes) >= {act.__name__ for act in acts.ACTS}  # each happened at least once
    assert_sound()
