"""A reservation holds up to and including its last day; then a command lets go of it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from inventory_site.access.models import SYSTEM
from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import reservations
from inventory_site.stock.models import Reservation
from tests.inventory.conftest import person, receive
from tests.inventory.holding import hand_out, hold, in_days, stand

pytestmark = pytest.mark.django_db


def expired() -> str:
    """What the command says."""
    said = StringIO()
    call_command("expire_reservations", stdout=said)
    return said.getvalue().strip()


def test_what_ends_today_or_never_is_still_held(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    hold(laptop, shelf, 2, until=in_days(0))
    hold(laptop, shelf, 3, until=date.max)
    assert expired() == "0 reservations expired"
    assert stand(laptop, shelf) == (10, 5, 5)


def test_what_is_over_is_let_go_by_the_system_once(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 10)
    over = [hold(laptop, shelf, 2, until=in_days(-1)) for _ in range(3)]
    hold(laptop, shelf, 1, until=in_days(0))
    assert expired() == "3 reservations expired"
    assert expired() == "0 reservations expired"
    closed = Reservation.objects.filter(pk__in=[held.pk for held in over])
    assert {(held.closed_as, held.closed_by) for held in closed} == {("expired", SYSTEM)}
    assert stand(laptop, shelf) == (10, 1, 9)


def test_what_was_handed_out_or_released_before_stays_closed_as_it_was(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    issued, released, partly = (hold(laptop, shelf, 2, until=in_days(-1)) for _ in range(3))
    hand_out(issued, 2)
    reservations.release(released.pk, actor=person(Role.OPERATOR))
    hand_out(partly, 1)
    assert expired() == "1 reservations expired"
    states = Reservation.objects.order_by("pk").values_list("closed_as", flat=True)
    assert list(states) == ["issued", "released", "expired"]
    assert stand(laptop, shelf) == (7, 0, 7)
