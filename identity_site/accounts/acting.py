"""Tells the database who changes somebody, for the history that it writes by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from identity_site.accounts.models import User, What

SET_ACTOR = (
    "SELECT current_setting('techstock.actor', true), set_config('techstock.actor', %s, true)"
)


@contextmanager
def acting(by: User) -> Iterator[None]:
    """Do what follows in one atomic block in which every change is `by` this person's hand."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_ACTOR, [str(by.pk)])
        before = cursor.fetchone()[0] or ""
        yield
        cursor.execute(SET_ACTOR, [before])  # a surrounding atomic block may go on


def record(person: User, what: What) -> None:
    """Write down an act that changes nothing in the row of the person; inside `acting`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_person_act(%s, %s)", [person.pk, what])
