"""A line's digest is taken of the very bytes that jsonb would print, whatever people type."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

ODD_TEXTS = (
    "", " ", "plain", 'with "quotes"', "back\\slash \\u0041 \\\\", "a/b", "tab\tline\nreturn\r\b\f",
    "".join(map(chr, range(1, 32))), "\x7f\x80\x9f\u00a0", "ação ß Ω", "e\u0301", "\u2028\u2029",
    "\ufeff\ufffd\uffff", "\U0001f4bb\U0001f468\u200d\U0001f469", "\U00010000\U0010ffff",
    "{}[]:,null",
)  # fmt: skip
COSTS = ("0", "0.0000", "1", "1.5", "1.50", "9999999999.9999", "0.0001", "1E+3", "NaN")
FIELDS: dict[str, tuple[str, Any]] = {
    "product": ("bigint", 1),
    "location": ("bigint", 2),
    "kind": ("text", "receipt"),
    "quantity": ("bigint", -3),
    "actor": ("uuid", UUID(int=7)),
    "reason": ("text", ""),
    "reference": ("text", ""),
    "reverses": ("bigint", None),
    "batch": ("bigint", None),
    "recipient": ("text", ""),
    "occurred_on": ("date", None),
    "supplier": ("bigint", None),
    "unit_cost": ("numeric", None),
    "reservation": ("bigint", None),
}
ACT = {name: value for name, (_kind, value) in FIELDS.items()}
SLOTS = {name: f"%({name})s::{kind}" for name, (kind, _value) in FIELDS.items()}
GIVEN = ", ".join(SLOTS.values())
SAID = SLOTS | {"recipient": f"nullif({SLOTS['recipient']}, '')"}
PAIRS = ", ".join(f"'{name}', {slot}" for name, slot in SAID.items())
BOTH = (
    f"SELECT movement_digest({GIVEN}),"
    f" sha256(convert_to(jsonb_strip_nulls(jsonb_build_object({PAIRS}))::text, 'UTF8'))"
)


def assert_same(**changes: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BOTH, ACT | changes)
        ours, theirs = cursor.fetchone() or ("", None)
    assert ours == theirs, changes


@pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
@pytest.mark.parametrize("field", ["kind", "reason", "reference", "recipient"])
def test_odd_texts(field: str, text: str) -> None:
    assert_same(**{field: text})


def test_every_field_left_out_or_given() -> None:
    given = {
        "reverses": 4,
        "batch": 5,
        "recipient": "Ana",
        "occurred_on": date(2026, 1, 2),
        "supplier": 6,
        "unit_cost": Decimal("1.5000"),
        "reservation": 2**62,
    }
    for chosen in product([False, True], repeat=len(given)):
        pairs = zip(given.items(), chosen, strict=True)
        assert_same(**{name: value for (name, value), is_given in pairs if is_given})


def test_costs_of_every_scale_and_days_of_every_century() -> None:
    for cost in COSTS:
        assert_same(unit_cost=Decimal(cost))
        assert_same(unit_cost=f"{Decimal(cost):f}")
    for day in (date.min, date(33, 4, 5), date(2026, 11, 24), date.max):
        assert_same(occurred_on=day)


def test_numbers_at_both_ends() -> None:
    for number in (0, -1, 2**63 - 1, -(2**63)):
        assert_same(product=number, location=number, quantity=number, batch=number)
