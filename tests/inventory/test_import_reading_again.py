"""“Read again” with another kind or encoding: not once the import is under way, or done."""

import pytest
from django.test import Client

from inventory_site.imports import queue, uploads
from inventory_site.imports.models import Import, State
from inventory_site.imports.outcomes import Rows
from inventory_site.products.models import Location, Product
from tests.inventory.importing import chosen, uploaded

pytestmark = pytest.mark.django_db

LINES = ["name;quantity", "Cabo elétrico;4"]
AGAIN = {"again": "", "kind": "opening", "encoding": "cp1252", "delimiter": ";"}


def read_again(upload: Import) -> Import:
    """Have it read in another way by somebody who saw it as `upload` says; return what is kept."""
    upload.kind, upload.encoding = "opening", "cp1252"
    uploads.read_anew(upload)
    return Import.objects.get()


def test_what_was_imported_since_the_page_was_loaded_stays_imported(
    manager: Client, shelf: Location
) -> None:
    chosen(manager, *LINES)
    seen = Import.objects.get()
    uploads.commit(Import.objects.get(), rows=Rows.ALL)
    kept = read_again(seen)
    assert (kept.state, kept.kind, kept.encoding) == (State.IMPORTED, "products", "utf-8")
    assert kept.batch_id
    assert kept.findings
    assert not queue.ask(kept, State.IMPORTING)
    assert Product.objects.count() == 1


@pytest.mark.parametrize("state", [State.CHECKING, State.IMPORTING])
def test_what_waits_for_the_worker_is_worked_off_as_it_was_asked_for(
    manager: Client, shelf: Location, state: State
) -> None:
    chosen(manager, *LINES)
    seen = Import.objects.get()
    queue.ask(Import.objects.get(), state, rows=Rows.ALL)
    kept = read_again(seen)
    assert (kept.state, kept.kind) == (state, "products")


def test_a_file_that_rests_is_read_as_the_person_says_and_its_columns_are_guessed_anew(
    manager: Client, shelf: Location
) -> None:
    page = uploaded(manager, "\n".join(LINES).encode())
    assert Import.objects.get().columns == {"name": 0, "quantity": 1}
    assert manager.post(page, AGAIN).headers["Location"] == page
    kept = Import.objects.get()
    assert (kept.kind, kept.encoding, kept.columns) == ("opening", "cp1252", {"quantity": 1})
    assert "Cabo elÃ©trico" in manager.get(page).content.decode()


def test_the_page_of_an_imported_file_has_nothing_to_read_again(
    manager: Client, shelf: Location
) -> None:
    page = uploaded(manager, "\n".join(LINES).encode())
    Import.objects.update(state=State.IMPORTED)
    assert manager.post(page, AGAIN).headers["Location"] == page.removesuffix("columns/")
    assert Import.objects.get().kind == "products"
