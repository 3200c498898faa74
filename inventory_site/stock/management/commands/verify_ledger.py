"""`verify_ledger`: derive every balance and every hash again, and hold them to a statement."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from inventory_site.stock import statements
from inventory_site.stock.verification import verify


class Command(BaseCommand):
    """Exits with 1 when anything disagrees, and names it; with 2 for a file that is unreadable."""

    help = "Derive every balance and every hash of the ledger again; exit 1 at any difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Everything, unless asked for less."""
        parser.add_argument(
            "--incremental",
            action="store_true",
            help="only what came since the last proof, and whether that is still there",
        )
        parser.add_argument(
            "--jobs", type=int, default=2, help="how many connections share the work (2)"
        )
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="a statement (export_heads) that the ledger must still bear out",
        )
        parser.add_argument(
            "--public-key",
            metavar="KEY",
            help="what the statement was signed with, if not with today's INVENTORY_STATEMENT_KEY",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, say so, and leave the outcome for the dashboard."""
        bears_out = True
        if options["against"]:
            key = options["public_key"] or statements.public_key()
            bears_out = self._bears_out(options["against"], key)
        proof = verify(incremental=options["incremental"], jobs=options["jobs"])
        self.stdout.write(
            f"{proof.levels} balances re-derived from {proof.transactions} transactions, "
            f"{proof.differences} differences"
            if not proof.is_incremental
            else f"{proof.levels} balances explained by {proof.proven} transactions, "
            f"{proof.transactions} of them new, {proof.differences} differences"
        )
        for number, fault in enumerate(proof.faults):
            self.stderr.write(f"{'Next' if number else 'First'} difference: {fault}")
        if proof.differences > len(proof.faults):
            self.stderr.write(f"And {proof.differences - len(proof.faults)} more.")
        if proof.differences or not bears_out:
            sys.exit(1)

    def _bears_out(self, file: Path, key: str) -> bool:
        """Say how the ledger compares with a statement."""
        try:
            found = statements.compare(statements.read(file), key)
        except statements.UnreadableStatement as error:
            self.stderr.write(f"{file}: {error}.")
            sys.exit(2)
        except statements.BadStatement as error:
            self.stderr.write(f"{file}: {error}.")
            sys.exit(1)
        self.stdout.write(
            f"{found.levels - found.missing} of {found.levels} heads of the statement of"
            f" {found.taken_at} are still there"
        )
        for fault in found.faults:
            self.stderr.write(f"Not there any more: {fault}")
        if found.missing > len(found.faults):
            self.stderr.write(f"And {found.missing - len(found.faults)} more.")
        return not found.missing
