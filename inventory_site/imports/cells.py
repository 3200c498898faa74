"""What a cell may hold: from the text in it to a value, or a sentence that says what is wrong.

What a spreadsheet program has damaged is named, never guessed back.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from inventory_site.imports.words import folded
from inventory_site.stock.kinds import MAX_QUANTITY

_POWER = re.compile(r"[+-]?\d([.,]\d+)?E\+\d\d+|[+-]?\d[.,]\d+E-\d\d+", re.IGNORECASE)
_DECIMAL = re.compile(r"(\d{1,10})(?:[.,](\d{1,2}|\d{4}))?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/D"})
MOST_KNOWN = 1000
"""Paths that are remembered, because a few of them fill most lists."""
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


class Complaint(Exception):
    """What is wrong with a cell, as the end of a sentence that begins with its column.

    `value`, where there is one, is what the cell counts as all the same, in a row that is refused.
    """

    def __init__(self, sentence: str, value: Any = None) -> None:
        self.value = value
        super().__init__(sentence)


class DateText(str):
    """The text of a cell that a spreadsheet holds as a date."""

    __slots__ = ()

    def __new__(cls, value: Any) -> DateText:
        """Write it the ISO way."""
        return super().__new__(cls, value.isoformat())


def bare(text: str) -> str:
    """Return what stands in a cell, without the space around it and the mark of `exports.safe`.

    Raises `Complaint` where a formula left its error message.
    """
    stripped = text.strip()
    if stripped[:1] in {"'", "#"}:
        if stripped in _ERRORS:
            raise Complaint(_("“%(value)s” is what a formula that failed says.") % _shown(text))
        if _QUOTED.match(stripped):
            return stripped[1:]
    return stripped


class Cell(ABC):
    """A type of cell; `blank` is the value of an empty one."""

    blank: Any = ""

    @abstractmethod
    def read(self, text: str) -> Any:
        """Return the value; raise `Complaint` where there is none."""


@dataclass(frozen=True, slots=True)
class Text(Cell):
    """A text on one line, its white space tidied, of at most so many characters."""

    most: int

    def read(self, text: str) -> str:
        """Tidy it."""
        tidy = " ".join(text.split())
        if tidy[:1] in {"'", "#"}:
            tidy = bare(tidy)
        if len(tidy) > self.most:
            raise Complaint(_too_long(len(tidy), self.most), tidy[: self.most])
        return tidy


@dataclass(frozen=True, slots=True)
class Prose(Cell):
    """A text that keeps its lines."""

    most: int

    def read(self, text: str) -> str:
        """Return it as it stands."""
        prose = bare(text)
        if len(prose) > self.most:
            raise Complaint(_too_long(len(prose), self.most), prose[: self.most])
        return prose


@dataclass(frozen=True, slots=True)
class Code(Cell):
    """A SKU, a part number, a location's code: what spreadsheets like to turn into numbers."""

    most: int

    def read(self, text: str) -> str:
        """Tidy it, and name the damage."""
        if type(text) is DateText:
            sentence = _("Excel made the date %(value)s of this code; format the column as text.")
            raise Complaint(sentence % {"value": text})
        code = " ".join(text.split())
        if code[:1] in {"'", "#"}:
            code = bare(code)
        if "E" in code or "e" in code:
            _refuse_power(code)
        elif code[-2:] in {".0", ",0"} and code[:-2].isdigit():
            sentence = _("“%(value)s” is a number, not a code; format the column as text.")
            raise Complaint(sentence % _shown(code))
        if len(code) > self.most:
            raise Complaint(_too_long(len(code), self.most), code[: self.most])
        return code


@dataclass(frozen=True, slots=True)
class Path(Cell):
    """A way down a tree, from the top: “Network > Switches”."""

    most: int
    deepest: int
    blank: Any = ()
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def read(self, text: str) -> tuple[str, ...]:
        """Return the names on the way."""
        if (path := self._known.get(text)) is not None:
            return path
        path = self._path(bare(text))
        if len(self._known) < MOST_KNOWN:
            self._known[text] = path
        return path

    def _path(self, text: str) -> tuple[str, ...]:
        if not text:
            return ()
        path = tuple(" ".join(branch.split()) for branch in text.split(">"))
        longest = max(map(len, path))
        if not all(path):
            raise Complaint(_("a name is missing before or after “>”."))
        if longest > self.most:
            raise Complaint(_too_long(longest, self.most))
        if len(path) > self.deepest:
            sentence = _("at most %(most)s categories can be inside each other.")
            raise Complaint(sentence % {"most": self.deepest})
        return path


@dataclass(frozen=True, slots=True)
class Number(Cell):
    """Whole units from `least` to a million, in digits alone; “1.000” is not guessed at."""

    least: int = 0
    blank: Any = 0

    def read(self, text: str) -> Any:
        """Turn digits into a number in range."""
        digits = text.strip()
        if digits.isdigit() and digits.isascii() and len(digits) <= 7:
            if self.least <= (number := int(digits)) <= MAX_QUANTITY:
                return number
        elif not digits:
            return self.blank
        elif self.least < 0 and re.fullmatch(r"[+−-][0-9]{1,7}", digits):
            number = int(digits.replace("−", "-"))
            if self.least <= number <= MAX_QUANTITY:
                return number
        _refuse_power(bare(digits))
        between = {"least": localize(self.least), "most": localize(MAX_QUANTITY)}
        sentence = _(
            "“%(value)s” is not a whole number from %(least)s to %(most)s in digits alone."
        )
        raise Complaint(sentence % (_shown(digits) | between))


@dataclass(frozen=True, slots=True)
class Money(Cell):
    """An amount, at most four decimals after a point or a comma; 1.234 could be either: refused."""

    blank: Any = None

    def read(self, text: str) -> Decimal | None:
        """Turn digits into an amount."""
        amount = bare(text)
        if not amount:
            return None
        found = _DECIMAL.fullmatch(amount)
        if found is None or not amount.isascii():
            _refuse_power(amount)
            sentence = _(
                "“%(value)s” is not an amount such as 12.50 (no thousands mark; 2 or 4 decimals)."
            )
            raise Complaint(sentence % _shown(amount))
        return Decimal(f"{found[1]}.{found[2] or 0}")


@dataclass(frozen=True, slots=True)
class Day(Cell):
    """A day, year first: 3/4 is March to some and April to others."""

    blank: Any = None

    def read(self, text: str) -> date | None:
        """Turn it into a date."""
        day = bare(text)
        if not day:
            return None
        try:
            return date.fromisoformat(_DAY.fullmatch(day)[1])  # type: ignore[index]  # TypeError is caught
        except (ValueError, TypeError):
            sentence = _("“%(value)s” is not a day such as 2026-03-31.")
            raise Complaint(sentence % _shown(day)) from None


@dataclass(frozen=True, slots=True)
class Choice(Cell):
    """One of a few words; `words` are folded, several may mean the same."""

    words: Mapping[str, Any]
    blank: Any

    def read(self, text: str) -> Any:
        """Return what the word means."""
        if not (word := bare(text)):
            return self.blank
        try:
            return self.words[folded(word)]
        except KeyError:
            known = ", ".join(list(dict.fromkeys(map(str, self.words)))[:12])
            sentence = _("“%(value)s” is not one of: %(known)s.")
            raise Complaint(sentence % (_shown(word) | {"known": known})) from None


def _refuse_power(text: str) -> None:
    """Refuse what a spreadsheet shows of a long number: its last digits are lost."""
    if _POWER.fullmatch(text):
        sentence = _(
            "“%(value)s” is what a spreadsheet made of a long number, and its last digits are gone;"
            " format the column as text and put the numbers in again."
        )
        raise Complaint(sentence % _shown(text))


def _too_long(length: int, most: int) -> str:
    sentence = _("a text of %(length)s characters, where %(most)s fit.")
    return sentence % {"length": localize(length), "most": localize(most)}


def _shown(text: str) -> dict[str, str]:
    return {"value": Truncator(text).chars(40)}
