"""Somebody who is erased: their name and address go, what they did stays."""

import os
import threading
import time
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.access.logout_tokens import LogoutNotice
from inventory_site.access.models import SYSTEM, Person
from inventory_site.access.roles import Role
from inventory_site.api.models import KeptAnswer
from inventory_site.products.models import Location, Product, Supplier
from inventory_site.stock.models import StockTransaction
from inventory_site.stock.verification import verify
from tests.inventory.conftest import person, receive
from tests.inventory.programs import Program

MARINA = person(Role.MANAGER)


def erasure(sub: object = MARINA.id) -> LogoutNotice:
    return LogoutNotice(sub=str(sub), sid="", before=time.time(), is_erasure=True)


def known_as(who: Person) -> list[tuple[str, str]]:
    return list(Person.objects.filter(pk=who.id).values_list("name", "email"))


@pytest.mark.django_db
def test_name_and_address_go_and_history_stays(
    laptop: Product, shelf: Location, operator: Client
) -> None:
    receive(laptop, shelf, 5)
    assert known_as(MARINA) == [("Marina Ribeiro", "manager@techstock.example")]
    cut_offs.write(erasure())
    assert known_as(MARINA) == [("Former colleague", "")]
    assert StockTransaction.objects.get().actor_id == MARINA.id
    assert verify().first_bad == ""
    page = operator.get("/transactions/").content.decode()
    assert "Former colleague" in page
    assert "Marina" not in page


@pytest.mark.django_db
def test_who_never_wrote_anything_gets_no_row() -> None:
    cut_offs.write(erasure())
    assert not Person.objects.filter(pk=MARINA.id).exists()


@pytest.mark.django_db
def test_a_request_that_was_under_way_does_not_bring_the_name_back(
    laptop: Product, shelf: Location
) -> None:
    receive(laptop, shelf, 5)
    cut_offs.write(erasure())
    receive(laptop, shelf, 1)
    MARINA.remember()
    assert known_as(MARINA) == [("Former colleague", "")]


@pytest.mark.django_db
def test_nor_does_it_bring_the_name_of_somebody_new() -> None:
    cut_offs.write(erasure())
    MARINA.remember()
    assert known_as(MARINA) == [("Former colleague", "")]


@pytest.mark.django_db
def test_a_plain_notice_that_follows_does_not_undo_it() -> None:
    cut_offs.write(erasure())
    later = LogoutNotice(sub=str(MARINA.id), sid="", before=time.time(), is_erasure=False)
    cut_offs.write(later)
    MARINA.remember()
    assert known_as(MARINA) == [("Former colleague", "")]


@pytest.mark.django_db
def test_other_people_and_the_system_keep_their_names() -> None:
    SYSTEM.remember()
    person(Role.ADMIN).remember()
    for sub in (uuid4(), SYSTEM.id, MARINA.id):
        cut_offs.write(erasure(sub))
    assert known_as(SYSTEM)[0][0] == "TechStock"
    assert known_as(person(Role.ADMIN))[0][0] == "Ana Almeida"


@pytest.mark.django_db
def test_what_their_programs_were_answered_goes_and_what_other_people_s_were_stays() -> None:
    for role in (Role.MANAGER, Role.ADMIN):
        name = {"name": f"Supplier of the {role}"}
        assert Program(role).post("/suppliers/", name).status_code == 201
    cut_offs.write(erasure())
    assert [kept.person_id for kept in KeptAnswer.objects.all()] == [person(Role.ADMIN).id]
    assert Supplier.objects.count() == 2


@pytest.mark.django_db
def test_a_plain_notice_lets_the_answers_stay() -> None:
    assert Program(Role.MANAGER).post("/suppliers/", {"name": "Bechtle"}).status_code == 201
    cut_offs.write(LogoutNotice(sub=str(MARINA.id), sid="", before=time.time(), is_erasure=False))
    assert KeptAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_erasure_waits_for_who_is_writing_the_name_at_that_moment() -> None:
    cut_offs.known.forget()
    arguments = [MARINA.id, MARINA.name, MARINA.email]
    eraser = threading.Thread(target=_erase)
    with app_connection() as writer:
        writer.execute("SELECT remember_person(%s, %s, %s)", arguments)
        eraser.start()
        _wait_until_somebody_waits(writer)
    eraser.join()
    assert known_as(MARINA) == [("Former colleague", "")]
    cut_offs.known.forget()


def _erase() -> None:
    try:
        cut_offs.write(erasure())
    finally:
        connection.close()


def app_connection() -> psycopg.Connection[Any]:
    """A connection of its own with the rights of the site."""
    name = connection.settings_dict["NAME"]
    return psycopg.connect(os.environ["INVENTORY_DATABASE_URL"], dbname=name)


def _wait_until_somebody_waits(here: psycopg.Connection[Any]) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while here.execute(waiting).fetchone() == (0,):
        time.sleep(0.01)
