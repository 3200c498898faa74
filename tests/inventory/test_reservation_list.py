"""The list of reservations, and letting go of one."""

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import person, receive
from tests.inventory.counting import sent, text_of
from tests.inventory.holding import hold, in_days, stand

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/?product=nb-len-t14&location=a1-03"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def ten(laptop: Product, shelf: Location) -> None:
    """Ten laptops on the shelf."""
    receive(laptop, shelf, 10)


def test_a_release_gives_the_units_back_and_says_when_somebody_was_quicker(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    held = hold(laptop, shelf, 4)
    address = f"/reservations/{held.pk}/release/"
    assert operator.get(address).status_code == 405
    assert "the units are available again" in operator.post(address, follow=True).content.decode()
    assert stand(laptop, shelf) == (10, 0, 10)
    gone = hold(laptop, shelf, 1)
    sent(operator, f"/reservations/{gone.pk}/transactions/", quantity="1")
    page = operator.post(f"/reservations/{gone.pk}/release/", follow=True).content.decode()
    assert "This reservation was closed before." in page


def test_a_release_of_what_was_released_before_shows_by_whom_and_changes_nothing(
    operator: Client, laptop: Product, shelf: Location, manager: Client
) -> None:
    held = hold(laptop, shelf, 4)
    manager.post(f"/reservations/{held.pk}/release/")
    page = operator.post(f"/reservations/{held.pk}/release/", follow=True).content.decode()
    assert person(Role.MANAGER).name in page
    assert stand(laptop, shelf) == (10, 0, 10)


def test_the_list_tells_open_ending_and_closed_apart(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    for who, days in {"Soon": 2, "Late": 30, "Over": -1}.items():
        hold(laptop, shelf, 1, recipient=who, until=in_days(days))
    done = hold(laptop, shelf, 1, recipient="Done")
    operator.post(f"/reservations/{done.pk}/release/")
    shown = {
        state: [who for who in ("Soon", "Late", "Over", "Done") if f">{who}<" in page]
        for state in ("", "ending", "closed")
        for page in [text_of(operator, f"/reservations/?state={state}")]
    }
    assert shown == {"": ["Soon", "Late", "Over"], "ending": ["Soon", "Over"], "closed": ["Done"]}
    assert "Overdue" in text_of(operator, "/reservations/")
    assert ">Late<" in text_of(operator, "/reservations/?product=nb-len-t14")
    assert "There is no product" in text_of(operator, "/reservations/?product=GONE")


def test_many_are_paged_and_none_is_left_out(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 100)
    for n in range(60):
        hold(laptop, shelf, 1, recipient=f"Person {n}.")
    page = text_of(operator, "/reservations/")
    later = page.split("cursor=")[1].split('"')[0]
    both = page + text_of(operator, f"/reservations/?cursor={later}")
    assert all(both.count(f">Person {n}.<") == 1 for n in range(60))
