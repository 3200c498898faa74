"""`verify_ledger`: derive every balance and every hash again."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from inventory_site.stock.verification import verify


class Command(BaseCommand):
    """Exits with 1, and names the first bad row, when anything disagrees."""

    help = "Derive every balance and every hash of the ledger again; exit 1 at any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, say so, and leave the outcome for the dashboard."""
        proof = verify()
        self.stdout.write(
            f"{proof.levels} balances re-derived from {proof.transactions} transactions, "
            f"{proof.differences} differences"
        )
        if proof.differences:
            self.stderr.write(f"First difference: {proof.first_bad}")
            sys.exit(1)
