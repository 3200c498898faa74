"""Finds the rows that an imported row refers to by name, and makes those that are missing.

PostgreSQL decides which names are the same, by the expressions its unique constraints use; a chunk
of rows costs one query each, whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from inventory_site.products.models import Category, Location, Manufacturer

type Path = tuple[str, ...]


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
