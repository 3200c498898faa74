"""The one importer behind command and page, for every kind of file.

A row is created, changed, unchanged or refused, never dropped. Memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import batched
from typing import BinaryIO

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from inventory_site.imports import columns
from inventory_site.imports.file_kinds.base import Job
from inventory_site.imports.layouts import Layout, rows_of
from inventory_site.imports.outcomes import WRITTEN, ImportFailed, Outcome, Rows, Summary
from inventory_site.stock.refusals import Refusal

CHUNK = 2000


def run(
    stream: BinaryIO,
    layout: Layout,
    job: Job,
    *,
    rows: Rows = Rows.ALL,
    commit: bool = True,
    on_outcome: Callable[[Outcome], object] | None = None,
    on_progress: Callable[[int, int], object] | None = None,
) -> Summary:
    """Import a file as one atomic block and one batch, and return what became of it.

    Without `commit` everything is decided and nothing written: the preview. `on_outcome` hears of
    every row in order (of what would become of it, until the block has ended), `on_progress` of how
    much is done of how much, in bytes or rows.

    Raises `UnreadableFile` where the file as a whole is no good, and `ImportFailed` where the
    ledger refuses or somebody else's change came between; nothing is written then.
    """
    with _failures(), transaction.atomic(), closing(layout.kind_of_file(job)) as kind:
        _check_references_at_once()
        if commit and kind.locks:
            kind.lock(batched(rows_of(stream, layout), CHUNK))
        reader = rows_of(stream, layout)
        table = reader.table
        summary = Summary(ignored_columns=columns.ignored(table.header, layout.columns))
        for chunk in batched(reader, CHUNK):
            decided = list(kind.decide(chunk))
            for item in decided:
                summary.count(item.outcome)
                if on_outcome:
                    on_outcome(item.outcome)
            if commit and (rows is Rows.GOOD or not summary.refused):
                written = [item for item in decided if item.outcome.result in WRITTEN]
                if written:
                    kind.write(written)
            if on_progress:
                on_progress(table.position, table.size)
        summary.is_written = commit and (rows is Rows.GOOD or not summary.refused)
        if summary.is_written and summary.written:
            summary.batch_id = kind.batch_id
        else:  # where there was nothing to write, not even an empty batch stays
            transaction.set_rollback(True)
    return summary


def _check_references_at_once() -> None:
    """Have foreign keys checked row by row, by index: at the end they would pile up.

    PostgreSQL would rather read all of a small table, such as the locations, for each row. Whether
    something ran out is still asked at the end: a later row may bring more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS notice_of_shortage, notice_of_local_shortage DEFERRED")
        cursor.execute("SET LOCAL enable_seqscan = off")


@contextmanager
def _failures() -> Iterator[None]:
    """Turn a collision with somebody else's change into `ImportFailed`."""
    collisions = psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure
    try:
        yield
    except Refusal as refusal:
        raise ImportFailed(refusal.sentence) from refusal
    except DatabaseError as error:
        cause = error.__cause__
        closed = getattr(getattr(cause, "diag", None), "constraint_name", None) == "batch_closed"
        if closed:
            raise ImportFailed(_("This file was imported before.")) from error
        if not isinstance(error, IntegrityError) and not isinstance(cause, collisions):
            raise
        sentence = _(
            "Somebody changed the same products meanwhile; nothing was imported. Try again."
        )
        raise ImportFailed(sentence) from error
