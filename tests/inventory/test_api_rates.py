"""Nobody asks for more in a minute than is allowed, whichever worker answers."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from inventory_site import settings as site
from inventory_site.access.roles import Role
from inventory_site.api import rates
from tests.inventory.conftest import person
from tests.inventory.programs import Program, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wrong", ["0", "-1", "many"])
def test_a_limit_that_is_none_stops_the_start(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", wrong)
    with pytest.raises((ImproperlyConfigured, ValueError), match="API_REQUESTS_PER_MINUTE"):
        runpy.run_path(str(Path(site.__file__)))


def test_one_too_many_is_refused_with_how_long_to_wait(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    program = Program(Role.VIEWER)
    left = [program.get("/suppliers/").headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    answer = program.get("/suppliers/")
    assert refused(answer, 429) == "throttled"
    assert answer.headers["RateLimit-Limit"] == "2"
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]


def test_another_token_of_the_same_person_gives_no_more_and_other_people_have_their_own(
    settings: Any,
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    assert Program(Role.VIEWER).get("/suppliers/").status_code == 200
    assert refused(Program(Role.VIEWER).get("/suppliers/"), 429) == "throttled"
    assert Program(Role.OPERATOR).get("/suppliers/").status_code == 200


def test_a_new_minute_begins_anew(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    who = person(Role.VIEWER).id
    assert [rates.spend(who).used for _ in range(2)] == [1, 2]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_rate SET minute = minute - interval '1 minute'")
    assert rates.spend(who).used == 1


def test_who_has_not_called_for_an_hour_is_forgotten() -> None:
    rates.spend(person(Role.VIEWER).id)
    rates.spend(person(Role.ADMIN).id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_rate SET minute = minute - interval '2 hours' WHERE person_id = %s",
            [person(Role.ADMIN).id],
        )
        rates.forget_old()
        cursor.execute("SELECT person_id FROM api_rate")
        assert cursor.fetchall() == [(person(Role.VIEWER).id,)]


def test_the_count_is_in_a_table_that_costs_no_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'api_rate'")
        assert cursor.fetchone() == ("u",)
