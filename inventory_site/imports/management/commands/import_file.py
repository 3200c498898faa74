"""`import_file`: a file of any kind, from the terminal."""

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from tqdm import tqdm

from inventory_site.access.models import SYSTEM
from inventory_site.imports import importer, layouts
from inventory_site.imports.columns import Columns
from inventory_site.imports.encodings import ENCODINGS, UnreadableFile
from inventory_site.imports.file_kinds import KINDS
from inventory_site.imports.file_kinds.base import Job
from inventory_site.imports.layouts import Layout
from inventory_site.imports.outcomes import ImportFailed, Outcome, Rows, Summary
from inventory_site.products.models import Location


class Command(BaseCommand):
    """Names every refused row, and exits with 1 when there is one; the file counts as a whole."""

    help = (
        "Import products, locations, opening stock, movements or counts from a CSV or Excel file,"
        " whole or not at all. The same file twice changes nothing."
    )
    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which file, and how."""
        parser.add_argument("file", help="CSV or .xlsx with a header line; - reads standard input")
        if not self.kind:
            parser.add_argument("--kind", choices=KINDS, help="as its columns say, if not given")
        parser.add_argument("--encoding", choices=ENCODINGS, help="guessed, if not given")
        parser.add_argument("--delimiter", choices=["comma", "semicolon", "tab"], help="the same")
        parser.add_argument(
            "--column",
            metavar="NAME=NUMBER",
            action="append",
            default=[],
            help="where a column is, counted from 1, if its heading does not say so",
        )
        parser.add_argument("--location", metavar="CODE", help="where rows without a location are")
        parser.add_argument(
            "--good-rows", action="store_true", help="import the others when some are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, name what did not go in as it should, and sum up."""
        place = self._location(options["location"])
        name = Path(options["file"]).name
        with _opened(options["file"]) as stream, _progress() as on_progress:
            try:
                layout = self._layout(stream, options)
                summary = importer.run(
                    stream,
                    layout,
                    Job(actor=SYSTEM, import_id=uuid4(), filename=name, place=place),
                    rows=Rows.GOOD if options["good_rows"] else Rows.ALL,
                    commit=not options["dry_run"],
                    on_outcome=self._name,
                    on_progress=on_progress,
                )
            except (UnreadableFile, ImportFailed) as error:
                raise CommandError(f"{options['file']}: {error}") from error
        self._sum_up(summary, layout, dry_run=options["dry_run"])

    def _layout(self, stream: BinaryIO, options: dict[str, Any]) -> Layout:
        """Find out how the file is to be read, and say what had to be guessed."""
        known = Layout(
            kind=self.kind or options["kind"] or "",
            encoding=options["encoding"] or "",
            delimiter={"comma": ",", "semicolon": ";", "tab": "\t"}.get(options["delimiter"], ""),
        )
        layout = layouts.complete(stream, replace(known), _columns(options["column"]))
        if layout.encoding in ENCODINGS.keys() - {"utf-8", known.encoding}:
            self.stdout.write(f"Read as {ENCODINGS[layout.encoding]} (--encoding chooses another)")
        return layout

    def _name(self, outcome: Outcome) -> None:
        """Name a row that is refused, or of which something else is to be said."""
        if outcome.note:
            with tqdm.external_write_mode(file=sys.stdout):
                self.stdout.write(f"line {outcome.line}: {outcome.note}")

    def _location(self, code: str | None) -> Location | None:
        if not code:
            return None
        place = Location.objects.filter(code__iexact=code).first()
        if place is None:
            raise CommandError(f"There is no location “{code}”.")
        return place

    def _sum_up(self, summary: Summary, layout: Layout, *, dry_run: bool) -> None:
        kind = layout.kind_of_file
        if summary.ignored_columns:
            self.stdout.write(f"Ignored columns: {', '.join(summary.ignored_columns)}")
        units = f" with {summary.units} unit{pluralize(summary.units)}" if kind.units else ""
        changed = f" {summary.changed} changed," if kind.changed else ""
        self.stdout.write(
            f"{summary.rows} row{pluralize(summary.rows)}: {summary.created} new{units},{changed}"
            f" {summary.unchanged} unchanged, {summary.refused} refused"
        )
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run")
        elif summary.is_written:
            batch = f" (batch {summary.batch_id})" if summary.batch_id else ""
            written = summary.written
            self.stdout.write(f"{written} row{pluralize(written)} imported{batch}")
        else:
            self.stdout.write("Nothing was imported, because rows are refused (--good-rows)")
        if summary.refused:
            sys.exit(1)


def _columns(options: list[str]) -> Columns:
    """Return the columns that were said to be somewhere."""
    columns: Columns = {}
    for option in options:
        name, _equals, number = option.partition("=")
        if not number.isdecimal():
            raise CommandError(f"--column {option}: say NAME=NUMBER, for example quantity=3.")
        columns[name.strip().replace(" ", "_")] = int(number) - 1
    return columns


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file; standard input is kept on disk meanwhile, because a file is read twice."""
    if name == "-":
        with tempfile.TemporaryFile() as kept:
            copyfileobj(sys.stdin.buffer, kept)
            yield kept
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 (below)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    with file:
        yield file


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """Show how much is done, on a terminal."""
    with tqdm(unit="B", unit_scale=True, disable=None, leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        yield show
