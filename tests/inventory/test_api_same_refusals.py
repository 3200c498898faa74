"""What a form is refused, a program is refused for the same reason, and the other way round.

Every refusal of the ledger has a case here, or a line that says why nobody can bring it about. Each
case is tried once by form and once by program, in a world of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.products.models import Location, Product
from inventory_site.stock import approvals, ledger, refusals
from inventory_site.stock.kinds import Kind
from inventory_site.stock.models import Batch, StockTransaction
from inventory_site.stock.refusals import Refusal
from tests.inventory.conftest import claims_of, person, receive, signed
from tests.inventory.counting import move
from tests.inventory.holding import hold
from tests.inventory.programs import Program
from tests.inventory.waiting import asked, waiting

pytestmark = pytest.mark.django_db

OPERATOR, MANAGER, ADMIN = Role.OPERATOR, Role.MANAGER, Role.ADMIN
DIALOG = "/products/NB-LEN-T14/transactions/new/?location=A1-03"
PLACE = {"product": "NB-LEN-T14", "location": "A1-03"}


@dataclass(frozen=True)
class Try:
    """One act by form and by program: addresses, and what is sent; `key` is of both."""

    form: str
    api: str
    typed: dict[str, Any]
    sent: dict[str, Any] | None = None
    by: Role = OPERATOR
    key: str | None = None

    def by_form(self) -> str:
        """Send the form; return the page that comes of it."""
        client = Client(HTTP_HOST="localhost")
        client.cookies[settings.ACCESS_COOKIE] = signed(claims_of(self.by))
        key = str(uuid4()) if self.key is None else self.key
        answer = client.post(self.form, self.typed | {"idempotency_key": key}, follow=True)
        return answer.content.decode()

    def by_program(self) -> str:
        """Send the document; return the reason code."""
        headers = {} if self.key is None else {"idempotency_key": self.key}
        answer = Program(self.by).post(self.api, self.sent, **headers)
        return str(answer.json()["code"])


def moved(key: str | None = None, **words: Any) -> Try:
    """A movement of the laptops on the shelf."""
    typed = {"location": "A1-03"} | words
    return Try(DIALOG, "/transactions/", typed, PLACE | words, key=key)


def undone(what: str, pk: int, by: Role = OPERATOR) -> Try:
    """An undo."""
    return Try(f"/{what}/{pk}/reversal/", f"/{what}/{pk}/reversal/", {}, {}, by)


def approved(pk: int, by: Role) -> Try:
    """An approval."""
    return Try(f"/approvals/{pk}/approval/", f"/approvals/{pk}/approval/", {}, None, by)


@dataclass(frozen=True)
class World:
    """Five laptops on the shelf, that came by `line`, and an empty bench."""

    laptop: Product
    shelf: Location
    bench: Location
    line: StockTransaction

    def transferred(self) -> Batch:
        """All five on the bench."""
        away = asked(self.laptop, self.shelf, 5, Kind.TRANSFER, reason="")
        return ledger.transfer(
            away, to_location_id=self.bench.pk, actor=person(OPERATOR), key=uuid4()
        )

    def taken_back(self) -> StockTransaction:
        """The line that takes the five back."""
        return ledger.reverse(self.line.pk, actor=person(OPERATOR), key=uuid4())


def key_reused(world: World) -> Try:
    key = uuid4()
    ledger.record(asked(world.laptop, world.shelf, -1), actor=person(OPERATOR), key=key)
    return moved(str(key), kind="issue", quantity=2)


def already_reversed(world: World) -> Try:
    world.taken_back()
    return undone("transactions", world.line.pk)


def batch_stays(world: World) -> Try:
    batch = world.transferred()
    move(world.laptop, world.bench, -1)
    return undone("batches", batch.pk)


def approval_needed(world: World) -> Try:
    receive(world.laptop, world.shelf, 500)
    words = {"kind": "write_off", "quantity": 101, "reason": "Damaged"}
    act = {"kind": "bulk", "lines": [PLACE | words]}
    return Try(DIALOG, "/batches/?dry_run=true", {"location": "A1-03"} | words, act)


def transfer_whole(world: World) -> Try:
    return undone("transactions", world.transferred().lines.earliest("id").pk)


def own_approval(world: World) -> Try:
    receive(world.laptop, world.shelf, 500)
    return approved(waiting(asked(world.laptop, world.shelf, -101), by=MANAGER).pk, MANAGER)


def already_decided(world: World) -> Try:
    receive(world.laptop, world.shelf, 500)
    act = waiting(asked(world.laptop, world.shelf, -101))
    approvals.refuse(act.pk, actor=person(MANAGER), refusal="No")
    return approved(act.pk, ADMIN)


def reservation_exceeded(world: World) -> Try:
    address = f"/reservations/{hold(world.laptop, world.shelf, 4).pk}"
    words = {"quantity": 5}
    return Try(f"{address}/transactions/", f"{address}/issue/", words, words)


def unknown_place(world: World) -> Try:
    act = waiting(asked(world.laptop, world.bench, 101, Kind.ADJUSTMENT))
    world.bench.delete()
    return approved(act.pk, MANAGER)


def not_allowed(world: World) -> Try:
    for _ in range(2):
        receive(world.laptop, world.shelf, 1_000_000)
    return moved(kind="adjustment", quantity=0, seen=2_000_005, reason="Lost")


CASES: dict[type[Refusal], Callable[[World], Try]] = {
    refusals.InsufficientStock: lambda _: moved(kind="issue", quantity=6),
    refusals.StockChanged: lambda _: moved(kind="adjustment", quantity=3, seen=4, reason="Lost"),
    refusals.KeyReused: key_reused,
    refusals.KeyMissing: lambda _: moved("", kind="issue", quantity=1),
    refusals.AlreadyReversed: already_reversed,
    refusals.ReversalStays: lambda world: undone("transactions", world.taken_back().pk),
    refusals.TransferWhole: transfer_whole,
    refusals.BatchStays: batch_stays,
    refusals.ApprovalNeeded: approval_needed,
    refusals.SamePerson: own_approval,
    refusals.AlreadyDecided: already_decided,
    refusals.ReservationExceeded: reservation_exceeded,
    refusals.UnknownPlace: unknown_place,
    refusals.NotAllowedHere: not_allowed,
}
OUT_OF_REACH: dict[type[Refusal], str] = {
    refusals.BatchOvertaken: "Only an import takes several calls for one batch.",
    refusals.UnknownTransaction: "An address that leads nowhere is a 404 before, for both.",
}


def all_below(kind: type[Refusal]) -> set[type[Refusal]]:
    """Every refusal that is a kind of this one."""
    return {it for sub in kind.__subclasses__() for it in {sub} | all_below(sub)}


@pytest.fixture
def world(laptop: Product, shelf: Location) -> World:
    """The storeroom that every case begins with."""
    bench = Location.objects.create(code="B2", name="Bench")
    return World(laptop, shelf, bench, receive(laptop, shelf, 5))


def test_every_refusal_of_the_ledger_has_a_case_or_a_reason_why_not() -> None:
    known = {it for it in all_below(Refusal) if it.__module__ == refusals.__name__}
    assert known == set(CASES) | set(OUT_OF_REACH)
    assert not set(CASES) & set(OUT_OF_REACH)
    assert len({refusal.code for refusal in known}) == len(known)


@pytest.mark.parametrize("refusal", CASES, ids=lambda refusal: refusal.code)
def test_a_form_is_refused_with_its_sentence(world: World, refusal: type[Refusal]) -> None:
    sentence = str(refusal.template).partition("%(")[0]
    assert sentence in CASES[refusal](world).by_form()


@pytest.mark.parametrize("refusal", CASES, ids=lambda refusal: refusal.code)
def test_a_program_is_refused_with_its_code(world: World, refusal: type[Refusal]) -> None:
    assert CASES[refusal](world).by_program() == refusal.code


@pytest.mark.parametrize(
    "path", ["/transactions/9/reversal/", "/batches/9/reversal/", "/approvals/9/approval/"]
)
def test_what_is_not_there_is_not_there_for_either(world: World, path: str) -> None:
    assert Program(MANAGER).post(path, None).status_code == 404
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.ACCESS_COOKIE] = signed(claims_of(MANAGER))
    assert client.post(path, {"idempotency_key": str(uuid4())}).status_code == 404
