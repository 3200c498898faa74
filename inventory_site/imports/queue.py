"""The imports that wait to be checked or imported, worked off one after another.

What is under way is locked by its atomic block: a process that dies leaves nothing half done, no
lock, and the import still waiting, so that the next one begins it again from the start.
"""

from __future__ import annotations

import io
import logging
import time
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from inventory_site.imports import files, importer
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.file_kinds.base import Job
from inventory_site.imports.findings import Findings, reporting
from inventory_site.imports.layouts import Layout
from inventory_site.imports.models import WAITING, Import, Progress, State
from inventory_site.imports.outcomes import ImportFailed, Outcome, Rows

MOST_ATTEMPTS = 3
"""An import during which the worker dies so often is not begun again."""
EVERY = 0.5
"""Seconds between two notes of how far one is."""

log = logging.getLogger(__name__)


def work_one() -> bool:
    """Check or import what has waited longest; return whether there was anything to do."""
    return _work(None)


def work_now(pk: UUID) -> bool:
    """Check or import this one, unless somebody is at it already; return whether it was done."""
    return _work(pk)


def _work(pk: UUID | None) -> bool:
    """Work off one import, that with this id or the first that nobody is at."""
    with transaction.atomic(), _Note() as note:
        free = Import.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        free = (
            free.filter(state__in=WAITING)
            .order_by("asked_at")
            .select_related("person", "default_location")
        )
        upload = (free.filter(pk=pk) if pk else free).first()
        if upload is None:
            return False
        note.begin(upload)
        with translation.override(upload.language):
            if note.attempts > MOST_ATTEMPTS:
                _fail(upload, _("This broke off several times, and nothing was imported."))
                return True
            try:
                with transaction.atomic():
                    _step(upload, note)
            except (ImportFailed, UnreadableFile) as error:
                _fail(upload, str(error))
            except Exception:
                log.exception("import %s of %r failed", upload.pk, upload.filename)
                _fail(upload, _("Something went wrong on our side; nothing was imported."))
        return True


def _step(upload: Import, note: _Note) -> None:
    """Do what the import waits for, and keep what came of it."""
    findings, report = Findings(), io.BytesIO()
    importing = upload.state == State.IMPORTING
    with files.opened(upload) as stream, reporting(report) as write:

        def on_outcome(outcome: Outcome) -> None:
            write(outcome)
            findings.show(outcome)

        findings.summary = importer.run(
            stream,
            layout_of(upload),
            Job(
                actor=upload.person,
                import_id=upload.pk,
                filename=upload.filename,
                place=upload.default_location,
            ),
            rows=Rows(upload.rows),
            commit=importing,
            on_outcome=on_outcome,
            on_progress=note.progress,
        )
    upload.findings, upload.report = findings.kept(), report.getvalue()
    upload.failure = ""
    upload.state = State.CHECKED
    if findings.summary.is_written:
        upload.state, upload.imported_at = State.IMPORTED, timezone.now()
        upload.batch_id = findings.summary.batch_id
    elif importing:
        upload.failure = _("Nothing was imported, because rows are refused.")
    upload.save()


def _fail(upload: Import, sentence: str) -> None:
    """Keep why it could not be done; the columns may be chosen again."""
    upload.failure = sentence
    upload.state = State.CHECKED if upload.findings else State.NEW
    upload.save(update_fields=["failure", "state"])


def layout_of(upload: Import) -> Layout:
    """Return how the file is to be read."""
    return Layout(
        kind=upload.kind,
        encoding=upload.encoding,
        delimiter=upload.delimiter,
        columns=upload.columns,
    )


class _Note:
    """Notes how far the work is, over a connection of its own: what it writes is seen at once."""

    def __init__(self) -> None:
        self._beside = connection.copy()
        self._upload: Import | None = None
        self._last = 0.0
        self.attempts = 0

    def __enter__(self) -> _Note:
        return self

    def __exit__(self, *_error: object) -> None:
        self._beside.close()

    def begin(self, upload: Import) -> None:
        """Count the attempt."""
        self._upload = upload
        with self._beside.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_progress SET attempts = attempts + 1, done = 0"
                " WHERE of_id = %s RETURNING attempts",
                [upload.pk],
            )
            found = cursor.fetchone()
            self.attempts = found[0] if found else 0

    def progress(self, done: int, total: int) -> None:
        """Write how much is done of how much, now and then."""
        if self._upload and time.monotonic() - self._last > EVERY:
            self._last = time.monotonic()
            with self._beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE imports_progress SET done = %s, total = %s WHERE of_id = %s",
                    [done, total, self._upload.pk],
                )


def resting(upload: Import) -> QuerySet[Import]:
    """Return the import to change it, as it is at the change; none once it is under way or done."""
    return Import.objects.filter(pk=upload.pk).exclude(state__in=[*WAITING, State.IMPORTED])


def ask(upload: Import, state: State, **changes: object) -> bool:
    """Have a step done, unless another is under way; return whether it was asked for.

    `changes` are set with it. Small files are worked off by whoever asks: see `work_now`.
    """
    with transaction.atomic():
        asked = resting(upload).update(state=state, asked_at=timezone.now(), failure="", **changes)
        if asked:
            fresh = {"done": 0, "total": 0, "attempts": 0}
            Progress.objects.update_or_create(of=upload, defaults=fresh)
    return bool(asked)
