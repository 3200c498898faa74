"""Files that came over the page: kept, columns chosen, looked at, imported once, forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation

from inventory_site.access.models import Person
from inventory_site.imports import columns, files, layouts, queue
from inventory_site.imports.encodings import UnreadableFile
from inventory_site.imports.file_kinds import FileKind
from inventory_site.imports.layouts import Layout
from inventory_site.imports.models import Import, Piece, State
from inventory_site.imports.outcomes import Rows
from inventory_site.products.models import Location

KEPT = timedelta(days=7)
SMALL = 1 << 20
"""Up to so many bytes a file is worked off at once, by the request that asks for it."""
SAMPLES = 5
"""How many rows are shown while the columns are chosen."""


def receive(
    file: UploadedFile[bytes], *, kind: str, default_location: Location | None, person: Person
) -> Import:
    """Keep an uploaded file; raise `UnreadableFile` if it is no table at all.

    What is not known of it is guessed. Empties the files, and reports, that were kept long enough.
    """
    assert file.file is not None  # noqa: S101 (only an unbound one has none)
    layout = layouts.recognised(cast("BinaryIO", file.file), Layout(kind=kind))
    with transaction.atomic():
        person.remember()
        old = Import.objects.filter(created_at__lt=timezone.now() - KEPT)
        Piece.objects.filter(of__in=old).delete()
        old.exclude(report=b"").update(report=b"")
        upload = Import.objects.create(
            person_id=person.pk,
            filename=(file.name or "")[:255],
            size=file.size or 0,
            kind=layout.kind,
            encoding=layout.encoding,
            delimiter=layout.delimiter,
            default_location=default_location,
            language=translation.get_language() or "en",
        )
        file.seek(0)
        files.keep(upload, file.chunks(files.PIECE))
        read_anew(upload)
    return upload


@dataclass(frozen=True, slots=True)
class Peek:
    """The beginning of a file as its layout reads it; `problem` is why that cannot be."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    guess: columns.Guess = field(default_factory=columns.Guess)
    problem: str = ""


def peek(upload: Import) -> Peek:
    """Look at the first rows."""
    layout = queue.layout_of(upload)
    try:
        with files.opened(upload) as stream:
            table = layouts.opened(stream, layout)
            rows = [row.cells for row in islice(table, SAMPLES) if row.cells]
            guess = columns.guess(table.header, layout.kind_of_file.columns)
            return Peek(table.header, rows, guess)
    except UnreadableFile as error:
        return Peek(problem=str(error))


def read_anew(upload: Import) -> None:
    """Guess the columns again, after what is known of the file was changed.

    What is under way, or was imported meanwhile, stays as it is.
    """
    if upload.encoding != layouts.WORKBOOK and not upload.delimiter:
        with files.opened(upload) as stream:
            known = Layout(kind=upload.kind, encoding=upload.encoding)
            upload.delimiter = layouts.recognised(stream, known).delimiter
    upload.columns = peek(upload).guess.columns
    upload.findings = None
    fields = ("kind", "encoding", "delimiter", "columns", "findings")
    queue.resting(upload).update(**{name: getattr(upload, name) for name in fields})


def choose(upload: Import, chosen: dict[str, int], header: list[str]) -> None:
    """Settle the columns and have the file checked; raise `UnreadableFile` if they will not do."""
    kind: type[FileKind] = queue.layout_of(upload).kind_of_file
    columns.require(header, kind.columns, chosen)
    _ask(upload, State.CHECKING, columns=chosen, rows=Rows.ALL, findings=None)


def check(upload: Import) -> None:
    """Have it checked again: what is there may have changed."""
    _ask(upload, State.CHECKING, rows=Rows.ALL)


def commit(upload: Import, *, rows: Rows) -> None:
    """Have it imported, once: one that was imported before stays as it is."""
    _ask(upload, State.IMPORTING, rows=rows)


def _ask(upload: Import, state: State, **changes: Any) -> None:
    if queue.ask(upload, state, **changes) and upload.size <= SMALL:
        queue.work_now(upload.pk)
