"""What waits for a second person, on pages: asked for, looked at, approved, refused, taken back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Approval, StockTransaction
from tests.inventory.conftest import receive
from tests.inventory.counting import move, on_hand, text_of
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db

DIALOG = "/products/NB-LEN-T14/transactions/new/?location=A1-03"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def full(laptop: Product, shelf: Location) -> Location:
    """The shelf, with five hundred laptops."""
    receive(laptop, shelf, 500)
    return shelf


def decide(client: Client, act: Approval, *, refusal: str = "") -> str:
    """Press Approve, or refuse with a reason; return the page after that."""
    what = "refusal" if refusal else "approval"
    data = {"refusal": refusal} if refusal else {}
    answer: Any = client.post(f"/approvals/{act.pk}/{what}/", data, follow=True)
    return str(answer.content.decode())


def test_nobody_is_offered_or_granted_the_approval_of_their_own(
    manager: Client, laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -101), by=Role.MANAGER)
    page = text_of(manager, f"/approvals/{act.pk}/")
    assert "You asked for this yourself: another person must approve it." in page
    assert f'action="/approvals/{act.pk}/approval/"' not in page
    assert "Take back" in page
    assert page.count("must approve it") < decide(manager, act).count("must approve it")
    assert on_hand(laptop, full) == 500


def test_only_managers_decide_about_others(
    operator: Client, client_as: Callable[[Role], Client], laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -101), by=Role.MANAGER)
    for client in (operator, client_as(Role.VIEWER)):
        page = text_of(client, f"/approvals/{act.pk}/")
        assert f"/approvals/{act.pk}/approval/" not in page
        assert f"/approvals/{act.pk}/refusal/" not in page
        for what in ("approval", "refusal"):
            answer = client.post(f"/approvals/{act.pk}/{what}/", {"refusal": "No"})
            assert answer.status_code == 403
    act.refresh_from_db()
    assert act.is_waiting


def test_a_refusal_without_a_reason_is_refused_at_its_field(
    manager: Client, laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -101))
    for refusal, sentence in {"": "This field is required.", "x" * 201: "at most 200"}.items():
        for headers in ({}, HTMX):
            address = f"/approvals/{act.pk}/refusal/"
            answer = manager.post(address, {"refusal": refusal}, headers=headers)
            assert answer.status_code == 422
            assert sentence in answer.content.decode()


def test_an_approval_after_the_stock_has_gone_is_one_sentence_and_waits_on(
    manager: Client, laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -400))
    move(laptop, full, -497)
    assert "Not enough available" in text_of(manager, f"/approvals/{act.pk}/")
    page = decide(manager, act)
    assert "Not enough stock: only 3 available. It waits on:" in page
    assert "Waiting" in page
    assert on_hand(laptop, full) == 3


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_large_write_off_in_the_dialog_moves_nothing_and_shows_where_it_waits(
    operator: Client, laptop: Product, full: Location, headers: dict[str, str]
) -> None:
    data = {"kind": "write_off", "quantity": "101", "location": "A1-03", "reason": "Damaged"}
    data |= {"seen": "500", "idempotency_key": str(uuid4())}
    answers = [operator.post(DIALOG, data, headers=headers) for _ in range(2)]
    assert {answer.status_code for answer in answers} <= {200, 302}
    act = Approval.objects.get()
    page = text_of(operator, "/")
    assert "Another person must approve this. Nothing has moved yet." in page
    assert f"/approvals/{act.pk}/" in page
    assert on_hand(laptop, full) == 500


def test_it_is_approved_once_and_says_what_was_recorded(
    manager: Client, client_as: Callable[[Role], Client], laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -101))
    page = decide(manager, act)
    line = StockTransaction.objects.get(kind=Kind.WRITE_OFF)
    assert "Approved, and done." in page
    assert f'href="/transactions/{line.pk}/"' in page
    assert "Otto Oliveira" in page
    assert "has been decided already" not in decide(manager, act)  # a second click of the same
    assert "has been decided already" in decide(client_as(Role.ADMIN), act)
    assert "has been decided already" in decide(manager, act, refusal="Late")
    assert on_hand(laptop, full) == 399


def test_a_refusal_shows_its_reason_to_who_asked(
    operator: Client, manager: Client, laptop: Product, full: Location
) -> None:
    act = waiting(asked(laptop, full, -101))
    assert "Refused." in decide(manager, act, refusal="They are <fine>.")
    page = text_of(operator, f"/approvals/{act.pk}/")
    assert "They are &lt;fine&gt;." in page
    assert "Refused · Marina Ribeiro" in page
    assert on_hand(laptop, full) == 500


def test_who_asked_takes_it_back(operator: Client, laptop: Product, full: Location) -> None:
    act = waiting(asked(laptop, full, -101))
    assert "101 units, asked for by Otto Oliveira: Damaged" in text_of(
        operator, f"/approvals/{act.pk}/refusal/"
    )
    address = f"/approvals/{act.pk}/refusal/"
    done = operator.post(address, {"refusal": "Found them"}, headers=HTMX)
    assert done.headers["HX-Redirect"] == f"/approvals/{act.pk}/"
    assert "Taken back" in text_of(operator, "/approvals/?state=decided")
