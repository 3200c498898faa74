"""Finds what an imported row refers to by code or name, and makes what may be made.

PostgreSQL decides which names are the same, by the expressions its unique constraints use; a chunk
of rows costs one query each, whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import connection

from inventory_site.products.models import Category, Location, Manufacturer, Supplier
from inventory_site.stock.kinds import OPENING, Kind

type Path = tuple[str, ...]
type Place = tuple[int, int]
"""A product's id and a location's."""


def locations(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the locations that exist, by code as given."""
    return _ids(
        "SELECT w.text, l.id FROM unnest(%s::text[]) AS w (text)"
        " JOIN products_location l ON upper(l.code) = upper(w.text)",
        list(codes),
    )


def only_location() -> Location | None:
    """Return the location, where there is exactly one."""
    first = list(Location.objects.all()[:2])
    return first[0] if len(first) == 1 else None


def manufacturers(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of the manufacturers that exist, by name as given."""
    return _ids(
        "SELECT w.text, m.id FROM unnest(%s::text[]) AS w (text)"
        " JOIN products_manufacturer m ON lower(m.name) = lower(w.text)",
        list(names),
    )


def make_manufacturers(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of all of `names`, making those that are missing as first spelled here."""
    wanted = list(dict.fromkeys(names))
    ids = manufacturers(wanted)
    if missing := [name for name in wanted if name not in ids]:
        made = [Manufacturer(name=name) for name in missing]
        Manufacturer.objects.bulk_create(made, ignore_conflicts=True)
        ids |= manufacturers(missing)
    return ids


def make_categories(paths: Iterable[Path]) -> dict[Path, int]:
    """Return the id of the last branch of each path, making every missing branch on the way."""
    wanted, ids = list(dict.fromkeys(paths)), dict[Path, int]()
    for depth in range(1, max(map(len, wanted), default=0) + 1):
        branches = list(dict.fromkeys(path[:depth] for path in wanted if len(path) >= depth))
        ids |= (found := _categories(branches, ids))
        if missing := [branch for branch in branches if branch not in found]:
            made = [Category(name=b[-1], parent_id=ids.get(b[:-1])) for b in missing]
            Category.objects.bulk_create(made, ignore_conflicts=True)
            ids |= _categories(missing, ids)
    return ids


def _categories(branches: list[Path], parents: Mapping[Path, int]) -> dict[Path, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.at, c.id FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS"
            " w (name, parent, at) JOIN products_category c ON lower(c.name) = lower(w.name)"
            " AND c.parent_id IS NOT DISTINCT FROM w.parent",
            [[branch[-1] for branch in branches], [parents.get(b[:-1]) for b in branches]],
        )
        return {branches[at - 1]: pk for at, pk in cursor.fetchall()}


def _ids(query: str, texts: list[str]) -> dict[str, int]:
    if not texts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(query, [texts])
        return dict(cursor.fetchall())


def products(skus: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return id and name of the products that exist, by SKU in upper case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT upper(sku), id, name FROM products_product WHERE upper(sku) = ANY (%s::text[])",
            [list(skus)],
        )
        return {sku: (pk, name) for sku, pk, name in cursor.fetchall()}


def levels(places: Iterable[Place]) -> dict[Place, tuple[int, int]]:
    """Return what is on hand, and what of it available, at the (product, location)s that exist."""
    wanted = list(places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.product_id, l.location_id, l.on_hand, l.on_hand - l.reserved"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS w (product, location) JOIN stock_level l"
            " ON l.product_id = w.product AND l.location_id = w.location",
            [[place[0] for place in wanted], [place[1] for place in wanted]],
        )
        return {(p, at): (on_hand, available) for p, at, on_hand, available in cursor.fetchall()}


def worths(product_ids: Iterable[int]) -> dict[int, tuple[int, Decimal, Decimal]]:
    """Return of products how many there are, their book value and what one of them is worth."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, on_hand, value, average FROM stock_total"
            " WHERE product_id = ANY (%s::bigint[])",
            [list(product_ids)],
        )
        return {pk: (units, value, average) for pk, units, value, average in cursor.fetchall()}


def openings(places: Iterable[Place]) -> dict[Place, int]:
    """Return the opening stock that was received, and not taken back, at (product, location)s."""
    wanted = list(places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.product_id, l.location_id, sum(t.quantity)::bigint"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS w (product, location) JOIN stock_level l"
            " ON l.product_id = w.product AND l.location_id = w.location"
            " JOIN stock_transaction t ON t.level_id = l.id AND t.kind = %s AND t.reason = %s"
            " WHERE NOT EXISTS (SELECT FROM stock_transaction r WHERE r.reverses_id = t.id)"
            " GROUP BY 1, 2",
            [[p[0] for p in wanted], [p[1] for p in wanted], Kind.RECEIPT.value, OPENING],
        )
        return {(product, at): units for product, at, units in cursor.fetchall()}


def suppliers(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of the suppliers that exist, by name as given."""
    return _ids(
        "SELECT w.text, s.id FROM unnest(%s::text[]) AS w (text)"
        " JOIN products_supplier s ON lower(s.name) = lower(w.text)",
        list(names),
    )


def make_suppliers(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of all of `names`, making those that are missing as first spelled here."""
    wanted = list(dict.fromkeys(names))
    ids = suppliers(wanted)
    if missing := [name for name in wanted if name not in ids]:
        Supplier.objects.bulk_create([Supplier(name=n) for n in missing], ignore_conflicts=True)
        ids |= suppliers(missing)
    return ids
