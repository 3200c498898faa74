"""Which SKU each imported product gets, and what that makes of its row.

The answer depends on the file and the database alone, never on how the file is cut into chunks or
on whether this is a preview: a row claims its SKU even where it is refused, so that the same file,
mended, gives every other row the SKU it had before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from inventory_site.imports.outcomes import Result
from inventory_site.imports.seen import Seen
from inventory_site.products.codes import MAX_LENGTH, RESERVED, SHAPE, validate_code

LAST_SUFFIX = 99
"""X, X-2 … X-99: beyond that a file has to bring SKUs of its own."""
_OTHERS = re.compile(r"[^A-Z0-9._]+")
_SHAPE = re.compile(SHAPE).fullmatch
_RESERVED = frozenset(word.upper() for word in RESERVED)


class Claimant(Protocol):
    """A row that wants a SKU."""

    @property
    def line(self) -> int:
        """Where it begins in the file."""

    @property
    def sku(self) -> str:
        """The SKU it brings, or nothing."""

    @property
    def name(self) -> str:
        """The product's name."""

    @property
    def manufacturer(self) -> str:
        """Who makes it."""

    @property
    def part_number(self) -> str:
        """What its maker calls it."""


class Claim(NamedTuple):
    """What a row gets: `note` says why it is refused, or why it could not have its first SKU."""

    result: Result
    sku: str = ""
    note: str = ""


class _Holder(NamedTuple):
    """The product that has a SKU already."""

    name: str
    manufacturer_id: int | None
    manufacturer: str
    part_number: str


def made_sku(row: Claimant) -> str:
    """Return the SKU made from manufacturer and part number, or name; empty where nothing is left.

    Upper-cased; every run of other characters is one "-", none at either end; at most 64 long.
    """
    if not (own := row.part_number or row.name):
        return ""
    words = _OTHERS.sub("-", f"{row.manufacturer}-{own}".upper())
    return words.strip("-")[:MAX_LENGTH].rstrip("-")


class Claims:
    """The SKUs that the lines of one file have taken so far, and those that products hold."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._holders: dict[str, _Holder] = {}
        self._looked_up: set[str] = set()

    def of(self, rows: Sequence[Claimant], makers: Mapping[str, int]) -> Iterator[Claim]:
        """Yield the claim of each row, in order; `makers` are the manufacturers that exist."""
        self._holders.clear()
        self._looked_up.clear()
        bases = [row.sku or made_sku(row) for row in rows]
        self._look_up({base.upper() for base in bases})
        for row, base in zip(rows, bases, strict=True):
            maker = makers.get(row.manufacturer)
            yield self._given(row, maker) if row.sku else self._made(row, base, maker)

    def _given(self, row: Claimant, maker: int | None) -> Claim:
        """Settle a row that brings its SKU."""
        if not _is_code(row.sku):
            shown = row.sku[:MAX_LENGTH]
            return Claim(Result.REFUSED, shown, f"SKU “{shown}”: {_fault_of(row.sku)}")
        folded = row.sku.upper()
        earlier = self._seen.take(folded, row.line)
        if earlier is not None:
            sentence = _("Line %(line)s has the SKU %(sku)s already.")
            return Claim(Result.REFUSED, row.sku, sentence % {"line": earlier, "sku": row.sku})
        holder = self._holders.get(folded)
        if holder is None:
            return Claim(Result.CREATED, row.sku)
        if _is_same(row, holder, maker):
            return Claim(Result.UNCHANGED, row.sku)
        sentence = _("The SKU %(sku)s belongs to another product: %(different)s.")
        words = {"sku": row.sku, "different": _differences(row, holder, maker)}
        return Claim(Result.REFUSED, row.sku, sentence % words)

    def _made(self, row: Claimant, base: str, maker: int | None) -> Claim:
        """Settle a row that gets the first SKU of X, X-2, X-3 … that is free or its own."""
        if not _is_code(base):
            return Claim(Result.REFUSED, "", _("No SKU can be made from this row; give it one."))
        note = ""
        for sku in self._candidates(base):
            holder = self._holders.get(sku)
            is_other = holder is not None and not _is_same(row, holder, maker)
            line = self._seen.get(sku) if is_other else self._seen.take(sku, row.line)
            names = {"sku": "%(sku)s", "first": base, "line": line}
            if line is not None:
                note = note or _("SKU %(sku)s, because line %(line)s took %(first)s.") % names
            elif is_other:
                note = note or _("SKU %(sku)s, because another product has %(first)s.") % names
            elif holder is not None:
                return Claim(Result.UNCHANGED, sku)
            else:
                return Claim(Result.CREATED, sku, note and note % {"sku": sku})
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

    def _look_up(self, skus: Iterable[str]) -> None:
        """Learn which products hold any of `skus`, in one query."""
        unknown = sorted(set(skus) - self._looked_up)
        if not unknown:
            return
        self._looked_up.update(unknown)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT upper(p.sku), p.name, p.manufacturer_id, coalesce(m.name, ''),"
                " p.part_number"
                " FROM products_product p LEFT JOIN products_manufacturer m"
                " ON m.id = p.manufacturer_id WHERE upper(p.sku) = ANY (%s::text[])",
                [unknown],
            )
            for sku, *held in cursor.fetchall():
                self._holders[sku] = _Holder(*held)


def _is_code(text: str) -> bool:
    """Tell whether a text can be a code, as `validate_code` does, but fast."""
    return _SHAPE(text) is not None and text.upper() not in _RESERVED


def _fault_of(text: str) -> str:
    try:
        validate_code(text)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _is_same(row: Claimant, holder: _Holder, maker: int | None) -> bool:
    """Tell whether a row is about the product that has its SKU."""
    return (
        row.name.casefold() == holder.name.casefold()
        and row.part_number.casefold() == holder.part_number.casefold()
        and _is_same_maker(row, holder, maker)
    )


def _is_same_maker(row: Claimant, holder: _Holder, maker: int | None) -> bool:
    """Tell whether the manufacturer is the same; one that is yet to be made has no id either."""
    return maker == holder.manufacturer_id and bool(row.manufacturer) == bool(holder.manufacturer)


def _differences(row: Claimant, holder: _Holder, maker: int | None) -> str:
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
