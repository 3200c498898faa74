"""Acts that wait are seen: by managers on the dashboard, by everybody in the list."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals
from inventory_site.stock.kinds import Kind
from tests.inventory.conftest import person, receive
from tests.inventory.counting import text_of
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


def test_the_dashboard_tells_managers_how_many_wait_and_nobody_else(
    manager: Client, operator: Client, laptop: Product, full: Location
) -> None:
    assert "for approval" not in text_of(manager, "/")
    act = waiting(asked(laptop, full, -101))
    assert "1 act waits for approval" in text_of(manager, "/")
    waiting(asked(laptop, full, -102))
    assert "2 acts wait for approval" in text_of(manager, "/")
    assert "for approval" not in text_of(operator, "/")
    approvals.refuse(act.pk, actor=person(Role.MANAGER), refusal="No")
    assert "1 act waits for approval" in text_of(manager, "/")


def test_everybody_sees_what_waits_apart_from_what_was_decided(
    client_as: Callable[[Role], Client], laptop: Product, full: Location
) -> None:
    viewer = client_as(Role.VIEWER)
    assert "Nothing waits" in text_of(viewer, "/approvals/")
    yes, no, still = (waiting(asked(laptop, full, -n)) for n in (101, 102, 103))
    approvals.approve(yes.pk, actor=person(Role.MANAGER))
    approvals.refuse(no.pk, actor=person(Role.MANAGER), refusal="No")
    page = text_of(viewer, "/approvals/")
    assert f'href="/approvals/{still.pk}/"' in page
    assert f'href="/approvals/{yes.pk}/"' not in page
    decided = text_of(viewer, "/approvals/?state=decided")
    assert "Approved · Marina Ribeiro" in decided
    assert "Refused · Marina Ribeiro" in decided
    assert f'href="/approvals/{still.pk}/"' not in decided


def test_many_are_paged_and_none_is_left_out(
    operator: Client, laptop: Product, full: Location
) -> None:
    acts = [waiting(asked(laptop, full, 101 + n, Kind.ADJUSTMENT)) for n in range(55)]
    page = text_of(operator, "/approvals/")
    later = page.split("cursor=")[1].split('"')[0]
    both = page + text_of(operator, f"/approvals/?cursor={later}")
    assert all(both.count(f'href="/approvals/{act.pk}/"') == 1 for act in acts)


def test_a_long_act_shows_its_first_lines_and_says_so(
    operator: Client, laptop: Product, full: Location
) -> None:
    act = waiting(*[asked(laptop, full, -1) for _ in range(201)])
    assert "The first 200 of 201 lines." in text_of(operator, f"/approvals/{act.pk}/")


def test_what_names_products_by_code_and_what_is_gone_is_shown_as_such(
    operator: Client, laptop: Product, full: Location
) -> None:
    spare = Location.objects.create(code="B1")
    by_id = asked(laptop, full, -101)
    by_code = replace(by_id, product_id=None, location_id=None, sku="nb-len-t14", place="a1-03")
    assert "Lenovo ThinkPad T14" in text_of(operator, f"/approvals/{waiting(by_code).pk}/")
    act = waiting(asked(laptop, spare, 101, Kind.ADJUSTMENT))
    spare.delete()
    assert "No longer here" in text_of(operator, f"/approvals/{act.pk}/")
