"""A short history to look back at, and the files that pages give."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from uuid import uuid4

from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person


def traded(shelf: Location) -> list[StockTransaction]:
    """Receive ten laptops at 2.50, issue four of them, receive ten more at 5.00."""
    category = Category.objects.create(name="Laptops")
    product = Product.objects.create(sku="X1", name="Laptop", category=category, reorder_point=6)
    asked = [
        (Kind.RECEIPT, 10, Decimal("2.50")),
        (Kind.ISSUE, -4, None),
        (Kind.RECEIPT, 10, Decimal(5)),
    ]
    return [
        ledger.record(
            Movement(
                product_id=product.pk,
                location_id=shelf.pk,
                kind=kind,
                quantity=units,
                unit_cost=cost,
            ),
            actor=person(Role.OPERATOR),
            key=uuid4(),
        )
        for kind, units, cost in asked
    ]


def table(client: Client, address: str, **query: str) -> list[list[str]]:
    """Return the rows of a page's CSV file, the header first."""
    answer = client.get(address, query | {"format": "csv"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))
