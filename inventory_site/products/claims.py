"""Which SKU each imported row gets, and what that makes of the row.

The answer depends on the file and the database alone, never on how the file is cut into chunks or
on whether this is a preview: a row claims its SKU even where it is refused, so that the same file,
mended, gives every other row the SKU it had before.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from inventory_site.products.codes import MAX_LENGTH, validate_code
from inventory_site.products.models import Product
from inventory_site.products.rows import Row

LAST_SUFFIX = 99
"""X, X-2 … X-99: beyond that a file has to bring SKUs of its own."""


class Result(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row gets: `note` says why it is refused, or why it could not have its first SKU."""

    result: Result
    sku: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Holder:
    """The product that has a SKU already."""

    name: str
    manufacturer_id: int | None
    manufacturer: str
    part_number: str


def made_sku(row: Row) -> str:
    """Return the SKU made from manufacturer and part number, or name; empty where nothing is left.

    Upper-cased; every run of other characters is one "-", none at either end; at most 64 long.
    """
    if not (own := row.part_number or row.name):
        return ""
    words = re.sub(r"[^A-Z0-9._]+", "-", f"{row.manufacturer}-{own}".upper())
    return words.strip("-")[:MAX_LENGTH].rstrip("-")


class Claims:
    """The SKUs that the lines of one file have taken so far, and those that products hold.

    What the lines took is kept in a temporary SQLite database, which goes to disk as it grows and
    vanishes when closed: memory stays flat, and PostgreSQL need not let the app role make tables.
    """

    def __init__(self) -> None:
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("CREATE TABLE taken (sku TEXT PRIMARY KEY, line INT) WITHOUT ROWID")
        self._lines.execute("BEGIN")
        self._holders: dict[str, _Holder] = {}
        self._looked_up: set[str] = set()

    def close(self) -> None:
        """Forget everything."""
        self._lines.close()

    def of(self, rows: Iterable[Row], makers: Mapping[str, int]) -> Iterator[Claim]:
        """Yield the claim of each row, in order; `makers` are the manufacturers that exist."""
        rows = list(rows)
        self._holders.clear()
        self._looked_up.clear()
        self._look_up({(row.sku or made_sku(row)).upper() for row in rows})
        for row in rows:
            maker = makers.get(row.manufacturer)
            yield self._given(row, maker) if row.sku else self._made(row, maker)

    def _given(self, row: Row, maker: int | None) -> Claim:
        """Settle a row that brings its SKU."""
        try:
            validate_code(row.sku)
        except ValidationError as error:
            shown = row.sku[:MAX_LENGTH]
            return Claim(Result.REFUSED, shown, f"SKU “{shown}”: {error.messages[0]}")
        earlier = self._take(row.sku.upper(), row.line)
        if earlier is not None:
            sentence = _("Line %(line)s has the SKU %(sku)s already.")
            return Claim(Result.REFUSED, row.sku, sentence % {"line": earlier, "sku": row.sku})
        holder = self._holders.get(row.sku.upper())
        if holder is None:
            return Claim(Result.CREATED, row.sku)
        if _is_same(row, holder, maker):
            return Claim(Result.UNCHANGED, row.sku)
        sentence = _("The SKU %(sku)s belongs to another product: %(different)s.")
        words = {"sku": row.sku, "different": _differences(row, holder, maker)}
        return Claim(Result.REFUSED, row.sku, sentence % words)

    def _made(self, row: Row, maker: int | None) -> Claim:
        """Settle a row that gets the first SKU of X, X-2, X-3 … that is free or its own."""
        base = made_sku(row)
        try:
            validate_code(base)
        except ValidationError:
            return Claim(Result.REFUSED, "", _("No SKU can be made from this row; give it one."))
        note = ""
        for sku in self._candidates(base):
            names = {"sku": "%(sku)s", "first": base, "line": self._taken_by(sku)}
            if names["line"] is not None:
                note = note or _("SKU %(sku)s, because line %(line)s took %(first)s.") % names
                continue
            holder = self._holders.get(sku)
            if holder and not _is_same(row, holder, maker):
                note = note or _("SKU %(sku)s, because another product has %(first)s.") % names
                continue
            self._take(sku, row.line)
            if holder:
                return Claim(Result.UNCHANGED, sku)
            return Claim(Result.CREATED, sku, note % {"sku": sku})
        sentence = _("The SKUs %(first)s to %(last)s are taken; give this row one of its own.")
        return Claim(Result.REFUSED, "", sentence % {"first": base, "last": sku})

    def _candidates(self, base: str) -> Iterator[str]:
        yield base
        others = [
            base[: MAX_LENGTH - len(suffix)] + suffix
            for suffix in (f"-{number}" for number in range(2, LAST_SUFFIX + 1))
        ]
        self._look_up(set(others))
        yield from others

    def _look_up(self, skus: set[str]) -> None:
        """Learn which products hold any of `skus`, in one query."""
        unknown = sorted(skus - self._looked_up)
        if not unknown:
            return
        self._looked_up.update(unknown)
        columns = ("folded", "name", "manufacturer_id", "manufacturer__name", "part_number")
        found = Product.objects.annotate(folded=Upper("sku")).filter(folded__in=unknown)
        for sku, name, maker, maker_name, part_number in found.order_by().values_list(*columns):
            self._holders[sku] = _Holder(name, maker, maker_name or "", part_number)

    def _taken_by(self, sku: str) -> int | None:
        found = self._lines.execute("SELECT line FROM taken WHERE sku = ?", [sku]).fetchone()
        return found[0] if found else None

    def _take(self, sku: str, line: int) -> int | None:
        """Take a SKU for a line; return the earlier line that has it, if one has."""
        took = self._lines.execute("INSERT OR IGNORE INTO taken VALUES (?, ?)", [sku, line])
        return None if took.rowcount else self._taken_by(sku)


def _is_same(row: Row, holder: _Holder, maker: int | None) -> bool:
    """Tell whether a row is about the product that has its SKU."""
    return (
        row.name.casefold() == holder.name.casefold()
        and row.part_number.casefold() == holder.part_number.casefold()
        and _is_same_maker(row, holder, maker)
    )


def _is_same_maker(row: Row, holder: _Holder, maker: int | None) -> bool:
    """Tell whether the manufacturer is the same; one that is yet to be made has no id either."""
    return maker == holder.manufacturer_id and bool(row.manufacturer) == bool(holder.manufacturer)


def _differences(row: Row, holder: _Holder, maker: int | None) -> str:
    """Say what tells a row from the product that has its SKU."""
    sentence = _("%(what)s “%(there)s” there, “%(here)s” here")
    found = [
        (_("name"), holder.name, row.name),
        (_("part number"), holder.part_number, row.part_number),
    ]
    different = [words for words in found if words[1].casefold() != words[2].casefold()]
    if not _is_same_maker(row, holder, maker):
        different.append((_("manufacturer"), holder.manufacturer, row.manufacturer))
    return "; ".join(
        sentence % {"what": what, "there": there, "here": here} for what, there, here in different
    )
