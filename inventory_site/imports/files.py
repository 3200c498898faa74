"""Uploaded files: kept in the database in pieces, put together on disk while one reads them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from inventory_site.imports.models import Import, Piece

PIECE = 1 << 18
"""Bytes of a file that are in memory at one time."""


def keep(upload: Import, chunks: Iterator[bytes]) -> None:
    """Keep a file that comes in chunks of any size."""
    for number, chunk in enumerate(chunks):
        Piece.objects.create(of=upload, number=number, content=chunk)


@contextmanager
def opened(upload: Import) -> Iterator[BinaryIO]:
    """Open a kept file, to be read from anywhere; it is empty if it is no longer kept."""
    pieces = Piece.objects.filter(of=upload).order_by("number")
    with tempfile.TemporaryFile() as file:
        for number in list(pieces.values_list("number", flat=True)):
            file.write(pieces.values_list("content", flat=True).get(number=number))
        file.seek(0)
        yield file
