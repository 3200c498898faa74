"""The stock list as asked for: filtered, paged, an exact code first.

All of it is two statements at most: how many match, where something was asked for, and the page. It
is written as SQL, because the ORM took longer to write it than PostgreSQL to answer it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from inventory_site.paging import PAGE_SIZE, Page, page_from, start_of
from inventory_site.products.codes import SHAPE
from inventory_site.products.models import Product, in_capitals
from inventory_site.stock.rows import Row, fetched, lines_of, rows_of

COUNTED_UP_TO = 1_000
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the stock list, and how many products match (None: nothing was narrowed).

    `exact` are the places of the product whose SKU was typed, `page` those of each other.
    """

    page: Page[list[Row]]
    exact: list[Row]
    count: int | None

    @property
    def is_more_than_counted(self) -> bool:
        """Whether counting stopped before the end."""
        return (self.count or 0) > COUNTED_UP_TO

    def lines(self, *, can_move: bool) -> SafeString:
        """Return the rows as HTML, the exact one first."""
        rest = [row for places in self.page.rows if places != self.exact for row in places]
        exact = lines_of(self.exact, can_move=can_move, is_exact=True)
        return exact + lines_of(rest, can_move=can_move)


@dataclass(slots=True)
class Conditions:
    """What products `p` are looked for: SQL, joined by AND, and its parameters."""

    parts: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, part: str, *parameters: object) -> None:
        """Narrow it down further."""
        self.parts.append(part)
        self.parameters += parameters

    def products(self, rest: str) -> str:
        """Return the query that finds their ids."""
        return f"SELECT p.id FROM products_product p WHERE {' AND '.join(self.parts)} {rest}"  # noqa: S608 (ours)


# The words of `ProductQuerySet` (products/models.py) about products `p`, which a test compares.
_IN_USE = (
    "(p.is_active OR EXISTS"
    " (SELECT FROM stock_total t WHERE t.product_id = p.id AND t.on_hand > 0))"
)
_AT_LEVEL = "EXISTS (SELECT FROM stock_total t WHERE t.product_id = p.id AND {})"
_LEVELS = {
    "low": _AT_LEVEL.format("t.on_hand > 0 AND t.on_hand <= p.reorder_point"),
    "out": _AT_LEVEL.format("t.on_hand = 0"),
}
_WORD = (
    "(p.search_text LIKE %s OR p.manufacturer_id = ANY (ARRAY("
    "SELECT m.id FROM products_manufacturer m WHERE upper(m.name) LIKE %s)))"
)


def listing(*, text: str, category: list[int], level: str, cursor: str) -> Listing:
    """Return the page at `cursor` of what the filters leave, in the order of names.

    Every word of `text` occurs in SKU, name, part number or the manufacturer's name, ignoring case.
    A text that is exactly somebody's SKU puts that product first, for a scanner's sake. `category`
    are the ids of a branch, `level` is “low” or “out”; what is empty filters nothing.
    """
    wanted = conditions(text, category, level)
    exact: list[list[Row]] = []
    if re.fullmatch(SHAPE, text) and not cursor:
        by_code = wanted.products("AND upper(p.sku) = upper(%s)")
        exact = rows_of(by_code, [*wanted.parameters, text])
    count = None
    if text or category or level:
        few = wanted.products(f"LIMIT {COUNTED_UP_TO + 1}")
        found = [pk for (pk,) in fetched(few, wanted.parameters, is_prepared=not text)]
        count = len(found)
        if count <= COUNTED_UP_TO:  # these are all: the page is among them
            written = f"{{{','.join(map(str, found))}}}"  # a list would be looked at one by one
            wanted = Conditions(["p.id = ANY (%s::bigint[])"], [written])
    return Listing(_page(wanted, cursor, is_prepared=not text), exact[0] if exact else [], count)


def conditions(text: str, category: list[int], level: str) -> Conditions:
    """Return what `listing` looks for."""
    wanted = Conditions()
    wanted.add(_IN_USE)
    if category:
        wanted.add("p.category_id = ANY (%s)", category)
    if level:
        wanted.add(_LEVELS[level])
    for word in text.split()[:MOST_WORDS]:
        pattern = f"%{re.sub(r'([%_\\])', r'\\\1', in_capitals(word))}%"
        wanted.add(_WORD, pattern, pattern)
    return wanted


def _page(wanted: Conditions, cursor: str, *, is_prepared: bool) -> Page[list[Row]]:
    """Fetch a page by the index over names, from where the cursor points."""
    start = start_of(cursor, Product, ["sort_name", "id"])
    sign, direction = ("<", "DESC") if start.backwards else (">", "ASC")
    if start.values:
        wanted.add(f"(p.sort_name, p.id) {sign} (%s, %s)", *start.values)
    order = f"ORDER BY p.sort_name {direction}, p.id {direction} LIMIT {PAGE_SIZE + 1}"
    found = rows_of(
        wanted.products(order),
        wanted.parameters,
        descending=start.backwards,
        is_prepared=is_prepared,
    )
    return page_from(found, start, place=lambda row: [row[0].sort_name, row[0].product_id])
