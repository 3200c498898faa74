"""What one person may adjust and write off with one file, foreseen as the ledger will reckon it."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection
from django.utils.formats import localize
from django.utils.translation import gettext as _

from inventory_site.imports import lookups
from inventory_site.imports.seen import Seen
from inventory_site.stock import money
from inventory_site.stock.kinds import RULES
from inventory_site.stock.ledger import Movement

_VALUE, _AVERAGE = Decimal("0.0001"), Decimal("0.000001")


class Allowance:
    """Follows what the rows so far come to: units, and value at moving average.

    `ledger.sql` has the last word, and the same arithmetic (`line_value`). What each product is
    worth by now is kept in `seen`, and only where the policy has a threshold of value.
    """

    def __init__(self, seen: Seen) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT approve_units, approve_value FROM stock_policy")
            found: tuple[int | None, Decimal | None] = cursor.fetchone() or (None, None)
        self._most_units, self._most_value = found
        self._seen, self._units, self._value = seen, 0, Decimal(0)

    def learn(self, product_ids: Collection[int]) -> None:
        """Look up what products are worth before any row of this file is written."""
        if self._most_value is not None:
            new = [pk for pk in product_ids if not self._seen.note(_key(pk))]
            for pk, worth in lookups.worths(new).items():
                self._seen.keep(_key(pk), " ".join(map(str, worth)))

    def problem(self, movement: Movement) -> str:
        """Say so if another person must look at a file that has this row too."""
        if not RULES[movement.kind].needs_approval:
            return ""
        if self._most_units is not None and self._units + abs(movement.quantity) > self._most_units:
            sentence = _("More than %(most)s units adjusted or written off need another person.")
            return sentence % {"most": localize(self._most_units)}
        if self._most_value is not None:
            value = self._value + abs(self._reckon(movement)[0])
            if value > self._most_value:
                sentence = _("More than %(most)s adjusted or written off needs another person.")
                return sentence % {"most": money.shown(self._most_value)}
        return ""

    def add(self, movement: Movement) -> None:
        """Count a row that will be written."""
        needs_approval = RULES[movement.kind].needs_approval
        if needs_approval:
            self._units += abs(movement.quantity)
        if self._most_value is not None:
            value, worth = self._reckon(movement)
            self._seen.keep(_key(movement.product_id), worth)
            if needs_approval:
                self._value += abs(value)

    def _reckon(self, movement: Movement) -> tuple[Decimal, str]:
        """Return what a movement adds to the value of its product, and what that is worth then."""
        kept = self._seen.note(_key(movement.product_id)) or "0 0 0"
        on_hand, worth, average = map(Decimal, kept.split())
        after = on_hand + movement.quantity
        value = -worth
        if after:
            cost = average if movement.unit_cost is None else movement.unit_cost
            value = max((movement.quantity * cost).quantize(_VALUE, ROUND_HALF_UP), -worth)
            average = ((worth + value) / after).quantize(_AVERAGE, ROUND_HALF_UP)
        return value, f"{after} {worth + value} {average}"


def _key(product_id: int | None) -> str:
    return f"worth {product_id}"
