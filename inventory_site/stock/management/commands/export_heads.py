"""`export_heads`: a signed statement of where every chain of the ledger ends."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory_site.stock.statements import public_key, statement


class Command(BaseCommand):
    """Writes it to a file, or to where the output goes. docs/statements.md says what is in it."""

    help = "Write a signed statement of all chain heads, to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, or the key instead."""
        parser.add_argument("--output", type=Path, metavar="FILE", help="a new file to write")
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="print the key that statements are checked with, and nothing else",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the statement, or print the key."""
        if options["public_key"]:
            self.stdout.write(public_key())
        elif options["output"]:
            try:
                with options["output"].open("xb") as file:
                    file.writelines(statement())
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}") from error
        else:
            sys.stdout.buffer.writelines(statement())
