"""A write counts once, however often a program sends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from inventory_site.access.roles import Role
from inventory_site.api import keys
from inventory_site.api.models import KeptAnswer
from inventory_site.products.models import Supplier
from tests.inventory.programs import Program, refused

NEW = {"name": "Bechtle"}


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "7", "not-a-uuid"])
def test_without_a_key_nothing_is_written(manager: Program, key: str) -> None:
    answer = manager.post("/suppliers/", NEW, idempotency_key=key)
    assert refused(answer, 400) == "idempotency_key_missing"
    assert not Supplier.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"name": "Cancom"}, {"name": "Bechtle", "id": 3}])
def test_a_key_is_not_taken_for_something_else(manager: Program, other: dict[str, object]) -> None:
    key = str(uuid4())
    manager.post("/suppliers/", NEW, idempotency_key=key)
    answer = manager.post("/suppliers/", other, idempotency_key=key)
    assert refused(answer, 409) == "idempotency_key_reused"
    path = f"/suppliers/{Supplier.objects.get().pk}/"
    answer = manager.send("DELETE", path, NEW, idempotency_key=key, if_match="*")
    assert refused(answer, 409) == "idempotency_key_reused"
    assert Supplier.objects.get().name == "Bechtle"


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_the_key_may_try_again(manager: Program) -> None:
    key, other = str(uuid4()), Supplier.objects.create(name="Bechtle")
    assert refused(manager.post("/suppliers/", NEW, idempotency_key=key), 400) == "invalid"
    other.delete()
    assert manager.post("/suppliers/", NEW, idempotency_key=key).status_code == 201


@pytest.mark.django_db
def test_the_same_again_gets_the_same_answer_and_is_done_once(manager: Program) -> None:
    key = str(uuid4())
    first = manager.post("/suppliers/", NEW, idempotency_key=key)
    assert "Idempotency-Replayed" not in first.headers
    again = manager.post("/suppliers/", NEW, idempotency_key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("ETag", "Location", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert Supplier.objects.count() == 1


@pytest.mark.django_db
def test_a_change_and_a_deletion_are_repeated_though_the_version_has_moved(
    manager: Program,
) -> None:
    path = manager.post("/suppliers/", NEW).headers["Location"].removeprefix("/api/v1")
    tag, key = manager.get(path).headers["ETag"], str(uuid4())
    for replayed in (False, True):
        answer = manager.send("PATCH", path, {"name": "Cancom"}, if_match=tag, idempotency_key=key)
        assert (answer.status_code, answer.json()["name"]) == (200, "Cancom")
        assert ("Idempotency-Replayed" in answer.headers) is replayed
    key = str(uuid4())
    for _ in range(2):
        assert manager.send("DELETE", path, if_match="*", idempotency_key=key).status_code == 204


@pytest.mark.django_db
def test_keys_are_a_persons_own(manager: Program) -> None:
    key = str(uuid4())
    manager.post("/suppliers/", NEW, idempotency_key=key)
    other = Program(Role.ADMIN).post("/suppliers/", {"name": "Cancom"}, idempotency_key=key)
    assert other.status_code == 201


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day(manager: Program) -> None:
    manager.post("/suppliers/", NEW)
    keys.forget_old()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    keys.forget_old()
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_once_it_is_done_once() -> None:
    key, programs = str(uuid4()), [Program(Role.MANAGER) for _ in range(8)]

    def add(program: Program) -> tuple[int, bytes]:
        try:
            answer = program.post("/suppliers/", NEW, idempotency_key=key)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(add, programs))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert Supplier.objects.count() == 1
