"""`import_products`: products with their opening stock out of a CSV file."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from tqdm import tqdm

from inventory_site.access.models import SYSTEM
from inventory_site.products.importer import (
    ImportFailed,
    Outcome,
    Rows,
    Summary,
    import_products,
)
from inventory_site.products.models import Location
from inventory_site.products.rows import UnreadableFile


class Command(BaseCommand):
    """Names every refused row, and exits with 1 when there is one; the file counts as a whole."""

    help = (
        "Import products with their opening stock from a CSV file, whole or not at all. "
        "Products that are there already stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which file, and how."""
        parser.add_argument("file", help="CSV in UTF-8 with a header line; - reads standard input")
        parser.add_argument("--location", metavar="CODE", help="where rows without a location are")
        parser.add_argument(
            "--good-rows", action="store_true", help="import the others when some are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, name what did not go in as it should, and sum up."""
        place = self._location(options["location"])
        with _opened(options["file"]) as (stream, size), _progress(size) as on_progress:
            try:
                summary = import_products(
                    stream,
                    filename=Path(options["file"]).name,
                    actor=SYSTEM,
                    import_id=uuid4(),
                    rows=Rows.GOOD if options["good_rows"] else Rows.ALL,
                    commit=not options["dry_run"],
                    default_location=place,
                    on_outcome=self._name,
                    on_progress=on_progress,
                )
            except (UnreadableFile, ImportFailed) as error:
                raise CommandError(f"{options['file']}: {error}") from error
        self._sum_up(summary, dry_run=options["dry_run"])

    def _name(self, outcome: Outcome) -> None:
        """Name a row that is refused or got another SKU."""
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

    def _sum_up(self, summary: Summary, *, dry_run: bool) -> None:
        if summary.ignored_columns:
            self.stdout.write(f"Ignored columns: {', '.join(summary.ignored_columns)}")
        self.stdout.write(
            f"{summary.rows} row{pluralize(summary.rows)}: "
            f"{summary.created} new with {summary.units} unit{pluralize(summary.units)}, "
            f"{summary.unchanged} unchanged, {summary.refused} refused"
        )
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run")
        elif summary.is_written:
            created = summary.created
            self.stdout.write(f"{created} product{pluralize(created)} imported")
        else:
            self.stdout.write("Nothing was imported, because rows are refused (--good-rows)")
        if summary.refused:
            sys.exit(1)


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, with its size in bytes, or standard input, whose size nobody knows."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    path = Path(name)
    try:
        file = path.open("rb")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    with file:
        yield file, path.stat().st_size


@contextmanager
def _progress(size: int | None) -> Iterator[Callable[[int], object]]:
    """Show how many bytes are done, on a terminal."""
    bar = tqdm(total=size, unit="B", unit_scale=True, disable=None, leave=False, file=sys.stderr)
    with bar:
        yield lambda done: bar.update(done - bar.n)
