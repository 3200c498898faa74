"""Counting by scanner: a location, then what lies there, one code after another."""

from __future__ import annotations

import re
from uuid import UUID

from inventory_site.access.models import Person
from inventory_site.counts.counting import Counted, branch_of, record
from inventory_site.counts.models import Count
from inventory_site.counts.refusals import LocationFirst, OutOfScope, UnknownCode
from inventory_site.products.codes import SHAPE
from inventory_site.products.models import Location, Product

LONGEST = 80
"""Most characters of a scan: a code, a space and a number."""


def scan(count: Count, text: str, *, at: Location | None, actor: Person, key: UUID) -> Location:
    """Take one scan and return where one stands now: a location's code goes there, a SKU counts.

    A number behind a SKU is how many units, else it is one. Standing `at` a location, a code that
    is both is the product's.
    """
    code, units = _read(text)
    product = Product.objects.filter(sku__iexact=code).first()
    place = Location.objects.filter(code__iexact=code).first() if units is None else None
    if place and (at is None or product is None):
        if not _includes_place(count, place):
            raise OutOfScope(place.code)
        return place
    if product is None:
        raise UnknownCode(code)
    here = at or only_place(count)
    if here is None:
        raise LocationFirst
    if not _includes_product(count, product):
        raise OutOfScope(product.sku)
    amount = 1 if units is None else units
    counted = Counted(product_id=product.pk, location_id=here.pk, quantity=amount, is_more=True)
    record(count, [counted], actor=actor, key=key)
    return here


def place_of(count: Count, code: str) -> Location | None:
    """Return the location in the count's scope with this code; where there is but one, that one."""
    if re.fullmatch(SHAPE, code):
        found = Location.objects.filter(code__iexact=code).first()
        if found and _includes_place(count, found):
            return found
    return only_place(count)


def only_place(count: Count) -> Location | None:
    """Return the location of a count that has no other below it."""
    place = count.location
    return place if place and not place.children.exists() else None


def _read(text: str) -> tuple[str, int | None]:
    """Return code and number of units, None where there is none."""
    found = re.fullmatch(rf"\s*({SHAPE})(?:\s+([+-]?[0-9]{{1,7}}))?\s*", text)
    if found is None:
        raise UnknownCode(text.strip()[:LONGEST])
    code, units = found.groups()
    return code, None if units is None else int(units)


def _includes_place(count: Count, place: Location) -> bool:
    return count.location is None or place.pk in branch_of(count.location)


def _includes_product(count: Count, product: Product) -> bool:
    if count.product_ids and product.pk not in count.product_ids:
        return False
    return count.category is None or product.category_id in branch_of(count.category)
