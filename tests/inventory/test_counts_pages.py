"""Pages of a stock count: opened, reviewed, posted, explained, or cancelled."""

from __future__ import annotations

import csv
import re

import pytest
from django.test import Client

from inventory_site.counts.models import Count, Entry, Line
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import move, on_hand, opened, posted, sent, text_of, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 65}, "at most 64 characters"),
        ({"location": "GONE"}, "There is no location “GONE”."),
        ({"products": "NB-LEN-T14, NOPE"}, "There is no product “NOPE”."),
        ({"category": "99"}, "Select a valid choice."),
        ({"is_blind": "maybe"}, "Select a valid choice."),
    ],
)
def test_a_count_that_makes_no_sense_is_not_opened(
    manager: Client, laptop: Product, changes: dict[str, str], sentence: str
) -> None:
    data = {"name": "November", "is_blind": "yes"} | changes
    answer = sent(manager, "/counts/new/", **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Count.objects.exists()


def test_the_review_says_what_posting_will_do_and_posting_does_it_once(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    text = sent(manager, "/counts/new/", name="November", is_blind="yes", location="a1-03")
    count = Count.objects.get()
    assert "November" in text.content.decode()
    told(count, quantity=3)
    review = f"/counts/{count.pk}/posting/"
    assert "-2" in text_of(manager, review)
    assert on_hand(laptop, shelf) == 5
    for _ in range(2):
        done = sent(manager, review, rest="leave").content.decode()
        assert "5 → 3" in done
        assert on_hand(laptop, shelf) == 3
    assert f'href="/batches/{count.batch_id or Count.objects.get().batch_id}/"' in done


def test_what_stands_in_the_way_of_posting_is_listed(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    told(count := opened(), quantity=1)
    move(laptop, shelf, -3)
    answer = sent(manager, f"/counts/{count.pk}/posting/", rest="leave")
    assert answer.status_code == 422
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert "Lenovo ThinkPad T14 NB-LEN-T14 A1-03 -4 2" in text
    assert on_hand(laptop, shelf) == 2


def test_the_result_explains_every_line_also_as_csv(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    told(count := opened(), quantity=4)
    move(laptop, shelf, +2)
    posted(count)
    text = text_of(manager, f"/counts/{count.pk}/")
    assert "5 → 4" in text
    header, row = csv.reader(text_of(manager, f"/counts/{count.pk}/?format=csv")[1:].splitlines())
    said = dict(zip(header, row, strict=True))
    assert (said["SKU"], said["Counted"], said["Who"]) == ("NB-LEN-T14", "4", "Otto Oliveira")
    assert (said["Book at that moment"], said["Difference"]) == ("5", "-1")
    assert said["Moved until posting"] == "2"


def test_a_cancelled_count_posts_nothing_and_stays_to_be_read(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    told(count := opened(), quantity=4)
    assert "1 line" in text_of(manager, f"/counts/{count.pk}/cancellation/")
    text = sent(manager, f"/counts/{count.pk}/cancellation/").content.decode()
    assert "nothing of this was posted" in text
    assert on_hand(laptop, shelf) == 5
    line = Line.objects.get()
    late = sent(manager, f"/counts/{count.pk}/", **{f"line-{line.pk}": "9"}).content.decode()
    assert "This count is closed" in late
    assert Entry.objects.count() == 1


def test_what_was_counted_stays_in_the_catalogue(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    told(opened(location=shelf), product_id=laptop.pk, location_id=shelf.pk, quantity=1)
    for thing in (f"location/{shelf.pk}", f"product/{laptop.pk}"):
        answer = manager.post(f"/admin/products/{thing}/delete/", {"post": "yes"}, follow=True)
        assert answer.status_code == 200
    assert Line.objects.count() == Location.objects.count() == Product.objects.count() == 1
