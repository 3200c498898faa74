"""Files of products that came over the page: kept, looked at, imported once, forgotten."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from inventory_site.access.models import Person
from inventory_site.products.claims import Result
from inventory_site.products.importer import Outcome, Rows, Summary, import_products
from inventory_site.products.models import Location, ProductImport
from inventory_site.products.rows import RowReader, UnreadableFile

KEPT = timedelta(days=7)
MOST_ROWS = 50_000
"""What one request can go through; the command takes any number."""
SHOWN = 200
"""How many rows of each sort the page names; the report names all."""


@dataclass(slots=True)
class Findings:
    """What the page shows of an import: the numbers, and the first rows of each sort."""

    summary: Summary = field(default_factory=Summary)
    refused: list[Outcome] = field(default_factory=list)
    renamed: list[Outcome] = field(default_factory=list)
    created: list[Outcome] = field(default_factory=list)

    def show(self, outcome: Outcome) -> None:
        """Show a row too, if it is among the first of its sort."""
        for rows, belongs in (
            (self.refused, outcome.result is Result.REFUSED),
            (self.renamed, outcome.is_renamed),
            (self.created, outcome.result is Result.CREATED),
        ):
            if belongs and len(rows) < SHOWN:
                rows.append(outcome)

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> Findings:
        """Return the findings that became JSON by way of `asdict`."""
        findings = cls(summary=Summary(**kept["summary"]))
        for sort in ("refused", "renamed", "created"):
            rows = [Outcome(**row | {"result": Result(row["result"])}) for row in kept[sort]]
            setattr(findings, sort, rows)
        return findings


def keep(
    content: bytes, *, filename: str, default_location: Location | None, person: Person
) -> ProductImport:
    """Keep an uploaded file if it can be read to its end; raise `UnreadableFile` if not.

    Empties the files, and the reports, that were kept long enough.
    """
    for number, _row in enumerate(RowReader(io.BytesIO(content)), start=1):
        if number > MOST_ROWS:
            sentence = _("The file has more than %(most)s rows: import it in parts.")
            raise UnreadableFile(sentence % {"most": localize(MOST_ROWS)})
    old = ProductImport.objects.filter(created_at__lt=timezone.now() - KEPT)
    old.exclude(content=b"").update(content=b"", report=b"")
    return ProductImport.objects.create(
        person_id=person.id,
        person_name=person.name,
        filename=filename,
        content=content,
        default_location=default_location,
    )


def findings_of(upload: ProductImport, *, person: Person) -> Findings:
    """Return what became of an imported file, or what would become of it now."""
    if upload.findings is not None:
        return Findings.restored(upload.findings)
    return _run(upload, person=person, rows=Rows.ALL, commit=False)[0]


def report_of(upload: ProductImport, *, person: Person) -> Iterator[bytes]:
    """Yield the report as CSV in UTF-8 (with a mark, for Excel): one line for every row."""
    report = upload.report
    if upload.findings is None:
        report = _run(upload, person=person, rows=Rows.ALL, commit=False)[1]
    return _unpacked(bytes(report))


def commit(pk: UUID, *, rows: Rows, person: Person) -> Findings:
    """Import a kept file, once: one that was imported before stays as it is.

    `summary.is_written` tells whether anything is in the database. Raises `ImportFailed`, and
    `UnreadableFile` when the file is no longer kept.
    """
    with transaction.atomic():
        upload = ProductImport.objects.select_for_update(of=("self",)).get(pk=pk)
        if upload.findings is not None:
            return Findings.restored(upload.findings)
        findings, report = _run(upload, person=person, rows=rows, commit=True)
        if findings.summary.is_written:
            upload.imported_at, upload.report = timezone.now(), report
            upload.findings = asdict(findings)
            upload.save(update_fields=["imported_at", "report", "findings"])
        return findings


def _run(
    upload: ProductImport, *, person: Person, rows: Rows, commit: bool
) -> tuple[Findings, bytes]:
    """Run the importer; return what to show, and the gzipped report."""
    findings, report = Findings(), io.BytesIO()
    with gzip.open(report, "wt", encoding="utf-8-sig", newline="") as text:
        lines = csv.writer(text)
        lines.writerow(["line", "result", "sku", "units", "note"])

        def note(outcome: Outcome) -> None:
            o = outcome
            # A note may quote a cell that a spreadsheet would take for a formula.
            note_text = f"'{o.note}" if o.note[:1] in tuple("=+-@") else o.note
            lines.writerow([o.line, o.result.value, o.sku, o.units, note_text])
            findings.show(o)

        findings.summary = import_products(
            io.BytesIO(upload.content),
            filename=upload.filename,
            actor=person,
            import_id=upload.pk,
            rows=rows,
            commit=commit,
            default_location=upload.default_location,
            on_outcome=note,
        )
    return findings, report.getvalue()


def _unpacked(report: bytes) -> Iterator[bytes]:
    with gzip.open(io.BytesIO(report)) as text:
        while piece := text.read(65_536):
            yield piece
