"""The list of what to order as a page and as CSV, and minimums as managers set them."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product, ReorderPoint
from tests.inventory.conftest import receive
from tests.inventory.counting import text_of
from tests.inventory.holding import hold

pytestmark = pytest.mark.django_db

POINTS = "/products/nb-len-t14/reorder-points/"
REPORT = "/reports/reorder/"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"location": "GONE"}, "There is no location “GONE”."),
        ({"location": ""}, "This field is required."),
        ({"quantity": "-1"}, "Enter a whole number from 0 to 1,000,000."),
        ({"quantity": "1.5"}, "Enter a whole number, in digits only."),
    ],
)
def test_a_minimum_that_makes_no_sense_is_refused_at_its_field(
    manager: Client, laptop: Product, shelf: Location, changes: dict[str, str], sentence: str
) -> None:
    for headers in ({}, HTMX):
        data = {"location": "A1-03", "quantity": "3"} | changes
        answer = manager.post(POINTS, data, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not ReorderPoint.objects.exists()


def test_only_managers_set_minimums(operator: Client, laptop: Product, shelf: Location) -> None:
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=3)
    data = {"location": "A1-03", "quantity": "9"}
    assert operator.post(POINTS, data).status_code == 403
    page = text_of(operator, laptop.get_absolute_url())
    assert "Minimum at locations" in page
    assert "reorder-points" not in page
    assert ReorderPoint.objects.get().quantity == 3


def test_a_minimum_is_set_changed_and_taken_away(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    for quantity in ("3", "9"):
        done = manager.post(POINTS, {"location": "a1-03", "quantity": quantity}, follow=True)
        assert "The minimum at A1-03" in done.content.decode()
        assert str(ReorderPoint.objects.get().quantity) == quantity
    assert 'value="9"' in text_of(manager, f"{POINTS}?location=a1-03")
    answer = manager.post(POINTS, {"location": "A1-03", "quantity": "0"}, headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert not ReorderPoint.objects.exists()


def test_managers_keep_minimums_in_the_administration_too(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    facts = {"product": str(laptop.pk), "location": str(shelf.pk), "quantity": "5"}
    address = "/admin/products/reorderpoint/add/"
    none = manager.post(address, facts | {"quantity": "0"}).content.decode()
    assert "A minimum is 1 or more." in none
    manager.post(address, facts)
    again = manager.post(address, facts).content.decode()
    assert "This product has a minimum at this location already." in again
    assert ReorderPoint.objects.get().quantity == 5
    assert "A1-03" in text_of(manager, "/admin/products/reorderpoint/?q=t14")


def test_the_page_says_what_is_there_what_is_held_and_what_to_order(
    client_as: Callable[[Role], Client], laptop: Product, shelf: Location
) -> None:
    viewer = client_as(Role.VIEWER)
    receive(laptop, shelf, 5)
    hold(laptop, shelf, 2)
    page = text_of(viewer, REPORT)
    cells = ['<td class="n wide-only">5</td>', '<td class="n wide-only">2</td>']
    assert all(cell in page for cell in [*cells, "<strong>9</strong>"])
    assert "Nothing to order" in text_of(viewer, f"{REPORT}?level=out")
    assert "Nothing to order" in text_of(viewer, f"{REPORT}?per=location")
    assert "Lenovo" in text_of(viewer, f"{REPORT}?category=zebra&level=nothing&location=-1")


@pytest.mark.parametrize(("query", "headers"), [("format=csv", {}), ("", {"Accept": "text/csv"})])
def test_the_file_has_every_row_and_the_same_numbers(
    operator: Client, laptop: Product, shelf: Location, query: str, headers: dict[str, str]
) -> None:
    for n in range(60):
        Product.objects.create(sku=f"X-{n}", name='=Evil "name"', reorder_point=1)
    receive(laptop, shelf, 5)
    hold(laptop, shelf, 2)
    answer = operator.get(f"{REPORT}?{query}", headers=headers)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = {row["sku"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 61
    assert rows["X-1"]["name"] == '\'=Evil "name"'
    assert rows["NB-LEN-T14"] == {
        "sku": "NB-LEN-T14",
        "name": "Lenovo ThinkPad T14",
        "category": "",
        "location": "",
        "last supplier": "",
        "on hand": "5",
        "reserved": "2",
        "available": "3",
        "minimum": "6",
        "suggested": "9",
    }


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("as_of=2026-01-31", "always of now"), ("as_of=x", "always of now"), ("level=x", "valid")],
)
def test_a_file_that_would_be_of_something_else_is_refused(
    operator: Client, laptop: Product, query: str, sentence: str
) -> None:
    answer = operator.get(f"{REPORT}?format=csv&{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert sentence in answer.content.decode()
    page = operator.get(f"{REPORT}?{query}")
    assert page.status_code == (422 if "as_of" in query else 200)
    assert ('role="alert"' in page.content.decode()) == ("as_of" in query)


def test_the_file_of_places_names_them(operator: Client, laptop: Product, shelf: Location) -> None:
    ReorderPoint.objects.create(product=laptop, location=shelf, quantity=3)
    rows = text_of(operator, f"{REPORT}?per=location&format=csv").splitlines()
    assert rows[1] == "NB-LEN-T14,Lenovo ThinkPad T14,,A1-03,,0,0,0,3,6"
