"""The page of proofs: what was verified and found, a new one, and a statement to keep."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from inventory_site.chores import verify_when_due
from inventory_site.products.models import Location, Product
from inventory_site.stock import statements
from inventory_site.stock.models import Verification
from inventory_site.stock.verification import verify
from tests.inventory.conftest import receive
from tests.inventory.tampering import tamper

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_only_looks_cannot_ask_for_a_proof(operator: Client, laptop: Product) -> None:
    verify()
    assert "Verify what is new now" not in operator.get("/proofs/").content.decode()
    assert operator.post("/proofs/").status_code == 403
    assert Verification.objects.count() == 1


def test_the_first_proof_is_not_made_while_somebody_waits(manager: Client) -> None:
    page = manager.get("/proofs/").content.decode()
    assert "The ledger has not been verified yet." in page
    assert "Verify what is new now" not in page
    answer = manager.post("/proofs/", follow=True)
    assert "Everything is verified first, in the background." in answer.content.decode()
    assert not Verification.objects.exists()


def test_a_manager_verifies_what_is_new(manager: Client, laptop: Product, shelf: Location) -> None:
    verify()
    receive(laptop, shelf, 5)
    page = manager.post("/proofs/", follow=True).content.decode()
    assert "Verified: no differences." in page
    assert "What was new" in page
    assert "Everything" in page
    proof = Verification.objects.latest("id")
    assert (proof.is_incremental, proof.transactions) == (True, 1)


def test_what_was_found_is_on_the_page_and_the_dashboard(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    line = receive(laptop, shelf, 5)
    verify()
    tamper("UPDATE stock_total SET on_hand = 6", "UPDATE stock_level SET reserved = 1")
    answer = manager.post("/proofs/", follow=True).content.decode()
    assert "3 differences were found." in answer
    first = f"stock level {line.level_id}: reserved is 1, its reservations hold 0"
    assert f"<li>{first}</li>" in answer
    assert f"<li>product {laptop.pk}: in all 6 on hand" in answer
    assert "<li>tally: " in answer
    assert first in manager.get("/").content.decode()


def test_the_dashboard_says_what_is_proven_and_since_when(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    verify()
    receive(laptop, shelf, 5)
    verify(incremental=True)
    page = operator.get("/").content.decode()
    assert "1 balances re-derived from 2 transactions at" in page
    assert "(in full at" in page


def test_a_statement_is_sent_as_a_file(operator: Client, laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    answer = operator.get("/proofs/statement/")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="techstock-statement-2')
    said = json.loads(answer.getvalue())
    statements.check(said, statements.public_key())
    assert said["public_key"] in operator.get("/proofs/").content.decode()


def test_many_proofs_are_shown_page_by_page(operator: Client) -> None:
    for _ in range(51):
        verify(incremental=True)
    page = operator.get("/proofs/").content.decode()
    assert page.count("What was new") == 50
    assert 'rel="next"' in page


def test_the_worker_verifies_everything_once_a_day_and_news_in_between() -> None:
    def made() -> list[bool]:
        verify_when_due()
        return list(Verification.objects.order_by("id").values_list("is_incremental", flat=True))

    def later(span: str) -> None:
        tamper(
            f"UPDATE stock_verification SET started_at = started_at - interval '{span}',"
            f" full_at = full_at - interval '{span}'"
        )

    assert made() == made() == [False]
    later("6 minutes")
    assert made() == made() == [False, True]
    later("1 day")
    assert made() == made() == [False, True, False]


def test_good_incremental_proofs_are_kept_for_a_season() -> None:
    for _ in range(2):
        verify(incremental=True)
    tamper("UPDATE stock_verification SET differences = 1 WHERE id = 2")
    verify()
    tamper("UPDATE stock_verification SET started_at = started_at - interval '91 days'")
    call_command("verify_ledger", incremental=True)
    kept = Verification.objects.order_by("id").values_list("differences", "is_incremental")
    assert list(kept) == [(1, True), (0, False), (0, True)]
