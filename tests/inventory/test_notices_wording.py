"""Where a notice leads, and how the system's own reasons are told."""

import pytest
from django.test import Client
from django.utils.translation import override

from inventory_site.notices.kinds import NoticeKind
from inventory_site.notices.wording import path_to, sentence
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import receive
from tests.inventory.counting import text_of
from tests.inventory.waiting import asked, waiting


def test_a_failed_verification_leads_to_the_proofs(client: Client) -> None:
    assert path_to(NoticeKind.VERIFICATION_FAILED, {"differences": 1}) == "/proofs/"
    assert path_to(NoticeKind.TEST, {}) == "/"


@pytest.mark.parametrize(
    ("reason", "said"),
    [("Lost", "Perdido"), ("Save", "Save"), ("", "–")],  # what somebody typed stays as it is
)
def test_a_reason_of_the_system_is_told_in_the_readers_language(reason: str, said: str) -> None:
    with override("pt-br"):
        told = sentence(NoticeKind.APPROVAL_WAITING, {"units": 101, "reason": reason})
    assert told == f"101 unidades: {said}"


@pytest.mark.django_db
def test_approvals_show_it_so_in_the_list_and_where_they_are_refused(
    manager: Client, laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 500)
    act = waiting(asked(laptop, shelf, -101, reason="Lost"))
    manager.cookies["django_language"] = "pt-br"
    for page in ("/approvals/", f"/approvals/{act.pk}/refusal/"):
        shown = text_of(manager, page)
        assert "Perdido" in shown
        assert "Lost" not in shown
