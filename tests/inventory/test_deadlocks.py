"""Batches over the same products, in any order, from many processes: nobody waits in a circle."""

from uuid import uuid4

import pytest
from django.db.models import Count

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import Batch
from inventory_site.stock.verification import verify
from tests.inventory.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_thousand_batches_over_twenty_shared_products_are_whole_or_refused() -> None:
    """frappe/erpnext#36825: deadlocks after 200 to 300 documents. Here 16 processes write 500."""
    name = uuid4().hex[:8]
    products = [Product.objects.create(sku=f"{name}-{n}", name="Product").pk for n in range(20)]
    places = [Location.objects.create(code=f"{name}-{n}").pk for n in range(2)]
    order = {"products": products, "places": places, "times": 500, "lines": 5}
    orders = [order | {"seed": seed} for seed in range(16)]
    ends = at_once("tests.inventory.batcher", orders, seconds=400)
    assert [fault for end in ends for fault in end["faults"]] == []
    assert sum(end["whole"] + end["refused"] for end in ends) == 16 * 500
    sizes = Batch.objects.annotate(size=Count("lines")).values_list("size", flat=True)
    assert len(sizes) == sum(end["whole"] for end in ends) > 1000
    assert set(sizes) == {5}
    assert verify().differences == 0
