"""Anything anybody can do, in any order, leaves the ledger sound: found by Hypothesis."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from inventory_site.access.roles import Role
from inventory_site.products.models import Category, Location, Product
from inventory_site.stock.refusals import Refusal
from tests.inventory import acts
from tests.inventory.conftest import person
from tests.inventory.soundness import assert_sound

pytestmark = pytest.mark.django_db


class Drawn:
    """Chance by Hypothesis, so that what breaks the ledger is made small."""

    def __init__(self, data: st.DataObject) -> None:
        self._draw = data.draw

    def randint(self, low: int, high: int, /) -> int:
        """Return a number from `low` to `high`."""
        return self._draw(st.integers(low, high))

    def choice[Thing](self, things: list[Thing], /) -> Thing:
        """Return one of `things`."""
        return self._draw(st.sampled_from(things))


class Ledger(RuleBasedStateMachine):
    """Every act, each run in an atomic block of its own that is taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        name = uuid4().hex[:8]
        Category.objects.bulk_create(Category(name=f"{name}-{n}") for n in range(2))
        self.world = acts.World(
            [Product.objects.create(sku=f"{name}-{n}", name="Product") for n in range(2)],
            [Location.objects.create(code=f"{name}-{n}") for n in range(2)],
            [person(Role.OPERATOR), person(Role.MANAGER)],
        )

    def _do(self, act: Any, data: st.DataObject) -> None:
        try:
            act(self.world, Drawn(data))
        except Refusal as refusal:
            assert refusal.sentence

    def teardown(self) -> None:
        """Look at it all, and take it all back."""
        try:
            assert_sound()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


for each in dict.fromkeys(acts.ACTS):
    step = rule(data=st.data())(lambda self, data, act=each: self._do(act, data))
    setattr(Ledger, each.__name__, step)


def test_after_any_acts_in_any_order_the_ledger_is_sound() -> None:
    quick = settings(
        max_examples=40,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ledger, settings=quick)
