"""The batch that an import writes into the ledger: one for the whole file, however long."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from inventory_site.imports.file_kinds.base import Job
from inventory_site.stock import ledger
from inventory_site.stock.kinds import BatchKind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import Batch

REFERENCE_LENGTH = 64


def reference_of(filename: str) -> str:
    """Return what lines of the ledger say of the file they came from."""
    return filename.encode(errors="replace").decode()[:REFERENCE_LENGTH]


class Book:
    """Opens the batch with its first line, or before, where products are to be locked."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.batch: Batch | None = None

    def open(self, product_ids: Sequence[int]) -> Batch:
        """Begin the batch, so that nobody moves those products until it is written."""
        self.batch = ledger.open_batch(
            BatchKind.IMPORT,
            product_ids,
            actor=self._job.actor,
            key=self._job.import_id,
            digest=hashlib.sha256(self._job.import_id.bytes).digest(),
            reference=reference_of(self._job.filename),
        )
        return self.batch

    def add(self, movements: Iterable[Movement]) -> None:
        """Add lines."""
        if lines := list(movements):
            ledger.extend_batch(self.batch or self.open([]), lines)
