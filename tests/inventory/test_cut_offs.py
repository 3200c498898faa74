"""Withdrawn tokens: refused within a second in every process, and forgotten when they are over."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.access.cut_offs import Known
from inventory_site.access.logout_tokens import LogoutNotice
from inventory_site.access.models import CutOff
from inventory_site.access.roles import Role
from tests.inventory.conftest import claims_of, person, signed

SUB = str(person(Role.OPERATOR).id)
NOW = 1_800_000_000.5


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    cut_offs.known.forget()
    yield
    cut_offs.known.forget()


def notice(sub: str = "", sid: str = "", before: float = 0) -> LogoutNotice:
    return LogoutNotice(sub=sub, sid=sid, before=before or time.time(), is_erasure=False)


def superuser() -> psycopg.Connection[Any]:
    name = connection.settings_dict["NAME"]
    return psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], dbname=name, autocommit=True)


@pytest.mark.django_db
def test_tokens_of_a_session_that_ended_are_refused_and_others_are_not() -> None:
    cut_offs.write(notice(sid="ended"))
    withdraws = Known().withdraws
    assert withdraws(sub=SUB, sid="ended", iat=time.time() + 60)
    assert not withdraws(sub=SUB, sid="other", iat=NOW)
    assert not withdraws(sub="ended", sid="", iat=NOW)


@pytest.mark.django_db
def test_a_persons_tokens_are_refused_if_issued_before_to_the_fraction_of_a_second() -> None:
    cut_offs.write(notice(sub=SUB, before=NOW))
    withdraws = Known().withdraws
    assert withdraws(sub=SUB, sid="any", iat=NOW - 0.001)
    assert not withdraws(sub=SUB, sid="any", iat=NOW)
    assert not withdraws(sub=str(uuid4()), sid="any", iat=NOW - 1)


@pytest.mark.django_db
def test_a_withdrawn_token_leads_to_sign_in_at_once_and_a_newer_one_gets_in(
    operator: Client,
) -> None:
    assert operator.get("/transactions/").status_code == 200
    cut_offs.write(notice(sub=SUB, before=time.time() + 1))
    assert operator.get("/transactions/").status_code == 302
    newer = claims_of(Role.OPERATOR, iat=time.time() + 2)
    operator.cookies[settings.ACCESS_COOKIE] = signed(newer)
    assert operator.get("/transactions/").status_code == 200


@pytest.mark.django_db
def test_a_notice_that_comes_late_or_again_moves_nothing_back() -> None:
    for late in (0, 5, 0):
        cut_offs.write(notice(sub=SUB, before=NOW - late))
    assert CutOff.objects.get(name=f"sub:{SUB}").before == NOW


@pytest.mark.django_db
def test_what_no_living_token_can_need_is_deleted_when_something_is_written() -> None:
    for name, seconds in (("sid:old", 1000), ("sid:young", 800)):
        CutOff.objects.create(name=name, before=time.time() - seconds)
    cut_offs.write(notice(sid="new"))
    assert set(CutOff.objects.values_list("name", flat=True)) == {"sid:young", "sid:new"}


@pytest.mark.django_db
def test_a_process_looks_once_a_second_and_not_for_every_token(
    django_assert_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Known()
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 3600)
    with django_assert_num_queries(1):
        for _ in range(50):
            assert not process.withdraws(sub=SUB, sid="ended", iat=NOW)
    cut_offs.write(notice(sid="ended"))  # by another process
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 0)  # a second later
    assert process.withdraws(sub=SUB, sid="ended", iat=NOW)


@pytest.mark.django_db(transaction=True)
def test_those_who_come_together_wait_for_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 3600)
    cut_offs.write(notice(sid="ended"))
    process, looks, answers, ready = Known(), [], [], threading.Barrier(9)

    def count(execute: Any, *arguments: Any) -> Any:
        looks.append(1)
        return execute(*arguments)

    def ask() -> None:
        try:
            with connection.execute_wrapper(count):
                connection.ensure_connection()
                ready.wait()
                answers.append(process.withdraws(sub=SUB, sid="ended", iat=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    with superuser() as holder, holder.transaction():
        holder.execute("LOCK TABLE access_cutoff IN ACCESS EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        ready.wait()
    for thread in threads:
        thread.join()
    assert answers == [True] * 8
    assert len(looks) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_leaves_what_was_known(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cut_offs.write(notice(sid="ended"))
    process = Known()
    assert process.withdraws(sub=SUB, sid="ended", iat=NOW)
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 0)
    with superuser() as owner:
        owner.execute("REVOKE SELECT ON access_cutoff FROM inventory_app")
        try:
            assert process.withdraws(sub=SUB, sid="ended", iat=NOW)
            assert not process.withdraws(sub=SUB, sid="other", iat=NOW)
            with pytest.raises(DatabaseError):  # nothing known: nobody is let in on a guess
                Known().withdraws(sub=SUB, sid="other", iat=NOW)
        finally:
            owner.execute("GRANT SELECT ON access_cutoff TO inventory_app")
    assert "could not read which tokens were withdrawn" in caplog.text
