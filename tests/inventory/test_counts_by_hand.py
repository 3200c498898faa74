"""Counting by hand: a page of fields, blind or with the book's figures, and paper."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.counts.models import Entry
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import form_of, move, opened, sent, text_of, told

pytestmark = pytest.mark.django_db
BOOK = 7341
"""A number that no page shows by chance."""


def test_fields_that_are_no_numbers_are_refused_and_nothing_of_the_page_is_saved(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    receive(laptop, Location.objects.create(code="B2"), 5)
    one, other = opened().lines.order_by("number")
    answer = sent(operator, f"/counts/{one.count_id}/", **{
        f"line-{one.pk}": "4", f"line-{other.pk}": "1.5",
    })  # fmt: skip
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Enter a whole number, in digits only." in text
    assert form_of(text)[f"line-{one.pk}"] == "4"
    assert not Entry.objects.exists()
    for way in ("?cursor=rubbish&start=x&show=no", "?start=99999999999"):
        assert operator.get(f"/counts/{one.count_id}/{way}").status_code == 200


def test_a_blind_count_tells_nobody_who_counts_what_the_book_says(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, BOOK)
    blind, seeing = opened("Blind"), opened("Seeing", is_blind=False)
    told(blind, blind.lines.get(), quantity=3)
    for page in ("", "sheet/", "scan/", "?format=csv", "?show=left"):
        for number in (str(BOOK), f"{BOOK:,}", str(BOOK - 3), f"{BOOK - 3:,}"):
            assert number not in text_of(operator, f"/counts/{blind.pk}/{page}")
    for page in ("", "sheet/"):
        assert f"{BOOK:,}" in text_of(operator, f"/counts/{seeing.pk}/{page}")


def test_by_hand_an_open_count_notices_what_moved_since_the_page_was_shown(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    count = opened(is_blind=False)
    page, line = count.get_absolute_url(), count.lines.get()
    shown = form_of(text_of(operator, page))
    assert shown == {f"line-{line.pk}": "", f"seen-{line.pk}": "5"}
    move(laptop, shelf, -1)
    text = sent(operator, page, **shown | {f"line-{line.pk}": "4"}).content.decode()
    assert "1 line moved while you counted: look at it again." in text
    assert "Still 4" in text
    fresh = form_of(text) | {"confirm": f"{line.pk}:4"}
    assert "To look at again" in sent(operator, page, **fresh).content.decode()
    assert [e.doubt for e in Entry.objects.order_by("seq")] == ["seen", ""]
    text = sent(operator, page, **{f"line-{line.pk}": "+3"}).content.decode()
    assert Entry.objects.latest("seq").counted == 7
    assert "Otto Oliveira" in text


def test_what_was_sent_twice_counts_once(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    count = opened()
    data = {f"line-{count.lines.get().pk}": "+2", "idempotency_key": str(uuid4())}
    for _ in range(2):
        assert operator.post(count.get_absolute_url(), data).status_code == 302
    assert Entry.objects.get().counted == 2
    answer = operator.post(count.get_absolute_url(), data | {"idempotency_key": ""})
    assert answer.status_code == 422
