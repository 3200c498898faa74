"""Files that leave as CSV have the columns that an import reads, and can come back."""

import csv
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.imports import exports
from inventory_site.imports.file_kinds import KINDS
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.models import StockTransaction
from tests.inventory.conftest import person, receive
from tests.inventory.counting import move, on_hand, opened, posted, text_of, told
from tests.inventory.importing import imported

pytestmark = pytest.mark.django_db


def exported(kind: str) -> list[str]:
    """The lines of an export, the header first."""
    return "".join(exports.export(kind)).removeprefix("\ufeff").splitlines()


def test_every_kind_of_file_can_be_exported_and_the_page_links_it(manager: Client) -> None:
    assert exports.EXPORTS.keys() == KINDS.keys()
    page = text_of(manager, "/imports/")
    for kind in KINDS:
        assert f'href="/exports/{kind}.csv"' in page


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_the_columns_of_an_export_are_columns_of_its_import(db: None, kind: str) -> None:
    (header,) = csv.reader(exported(kind))
    assert set(header) <= {column.header for column in KINDS[kind].columns}


def test_what_was_counted_last_at_a_place_is_what_leaves(
    laptop: Product, shelf: Location, manager: Client
) -> None:
    receive(laptop, shelf, 10)
    for name, found in (("Spring", 9), ("Autumn", 8)):
        count = opened(name, location=shelf)
        told(count, quantity=found)
        posted(count)
    other = Location.objects.create(code="B2")
    imported("sku,location,counted,reason", "NB-LEN-T14,B2,4,=Found", kind="counts")
    told(opened("Not posted", location=other), quantity=99)
    lines = exported("counts")
    assert lines == [
        "sku,location,counted,reference,reason",
        "NB-LEN-T14,A1-03,8,Autumn,",
        "NB-LEN-T14,B2,4,list.csv,'=Found",
    ]
    assert text_of(manager, "/exports/counts.csv").removeprefix("\ufeff").splitlines() == lines


def test_counts_come_back_as_what_was_found_and_change_nothing_that_stands(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    imported("sku,counted,reference", "NB-LEN-T14,8,Autumn", kind="counts")
    lines = exported("counts")
    summary, _ = imported(*lines, kind="counts")
    assert (summary.unchanged, summary.written, summary.refused) == (1, 0, 0)
    move(laptop, shelf, -3)
    assert imported(*lines, kind="counts")[0].changed == 1
    assert on_hand(laptop, shelf) == 8
    assert StockTransaction.objects.latest("id").reference == "Autumn"
    assert exported("counts") == lines


def test_a_count_that_took_the_rest_as_none_counted_the_rest_and_one_undone_did_not(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 10)
    batch = posted(opened("All", location=shelf), rest_none=True).batch
    assert batch
    assert exported("counts")[1:] == ["NB-LEN-T14,A1-03,0,All,"]
    ledger.reverse_batch(batch.pk, actor=person(Role.MANAGER), key=uuid4())
    assert exported("counts")[1:] == []
    summary, _ = imported("sku,counted", "NB-LEN-T14,7", kind="counts")
    assert exported("counts")[1:] == ["NB-LEN-T14,A1-03,7,list.csv,"]
    assert summary.batch_id
    ledger.reverse_batch(summary.batch_id, actor=person(Role.MANAGER), key=uuid4())
    assert exported("counts")[1:] == []
