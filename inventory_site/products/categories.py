"""The tree of categories as lists are narrowed by it: read as a whole, for it is small."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from django.db import connection


class Branch(NamedTuple):
    """A category in the tree; `depth` is 0 at the top, `ids` are its own and those of all below."""

    name: str
    depth: int
    ids: list[int]


def tree() -> dict[int, Branch]:
    """Return every category by its id, in the order that the tree reads, as it stands now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, parent_id, name FROM products_category ORDER BY name")
        return _grown(tuple(cursor.fetchall()))


@lru_cache(maxsize=4)
def _grown(rows: tuple[tuple[int, int | None, str], ...]) -> dict[int, Branch]:
    """Grow the tree anew where a category has changed: the rows themselves are the key."""
    below: defaultdict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for pk, parent, name in rows:
        below[parent].append((pk, name))
    branches: dict[int, Branch] = {}

    def grow(parent: int | None, above: list[Branch]) -> None:
        for pk, name in below[parent]:
            branches[pk] = Branch(name, len(above), [])
            path = [*above, branches[pk]]
            for branch in path:
                branch.ids.append(pk)
            grow(pk, path)

    grow(None, [])
    return branches
