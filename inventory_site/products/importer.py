"""Products with their opening stock out of a CSV file: the one importer behind command and page.

A row is created, unchanged or refused, never dropped and never edited: what is there already stays,
so the same file twice changes nothing. Memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import batched
from typing import BinaryIO
from uuid import UUID, uuid5

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from inventory_site.access.models import Person
from inventory_site.products import lookups
from inventory_site.products.claims import Claim, Claims, Result
from inventory_site.products.models import Location, Product
from inventory_site.products.rows import Row, RowReader
from inventory_site.stock import ledger, refusals
from inventory_site.stock.kinds import OPENING, BatchKind, Kind

CHUNK = 1000
REFERENCE_LENGTH = 64
NAMESPACE = UUID("0b1c7c3e-5a0e-4f0e-9c52-8f6c3f6f3c0a")
"""Of the idempotency keys: one per import and line, so that a replay counts once."""


class Rows(StrEnum):
    """Which rows are written when some are refused."""

    ALL = "all"
    GOOD = "good"


class ImportFailed(Exception):
    """The database did not take it and nothing was written; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the row that begins at `line`.

    `note` says why it is refused, or why it could not have its first SKU; `units` are received.
    """

    line: int
    result: Result
    sku: str
    name: str
    units: int
    note: str

    @property
    def is_renamed(self) -> bool:
        """Whether the row got another SKU than the one made from its names."""
        return self.result is Result.CREATED and bool(self.note)


@dataclass(slots=True)
class Summary:
    """An import in numbers: `created`, `unchanged` and `refused` add up to `rows`.

    `renamed` and `units` (of opening stock) are of the created. `is_written` tells whether any of
    it is in the database: not in a preview, and not where one refused row stopped the whole.
    """

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: int = 0
    renamed: int = 0
    units: int = 0
    ignored_columns: list[str] = field(default_factory=list)
    is_written: bool = False

    def count(self, outcome: Outcome) -> None:
        """Add one row."""
        self.rows += 1
        self.created += outcome.result is Result.CREATED
        self.unchanged += outcome.result is Result.UNCHANGED
        self.refused += outcome.result is Result.REFUSED
        self.renamed += outcome.is_renamed
        self.units += outcome.units


def import_products(
    stream: BinaryIO,
    *,
    filename: str,
    actor: Person,
    import_id: UUID,
    rows: Rows = Rows.ALL,
    commit: bool = True,
    default_location: Location | None = None,
    on_outcome: Callable[[Outcome], object] | None = None,
    on_progress: Callable[[int], object] | None = None,
) -> Summary:
    """Import a CSV file as one atomic block, and return what became of it.

    Without `commit` everything is decided and nothing written: the preview. `default_location` is
    where the stock of rows without a location is; else the only location, where there is just one.
    `on_outcome` hears of every row in order (of what would become of it, until the block has
    ended), `on_progress` of the bytes read so far.

    Raises `UnreadableFile` where the file as a whole is no good, and `ImportFailed` where somebody
    else's change came between; nothing is written then.
    """
    reader = RowReader(stream)
    summary = Summary(ignored_columns=reader.ignored)
    with _failures(), transaction.atomic(), closing(Claims()) as claims:
        place = default_location or lookups.only_location()
        default = place.pk if place else None
        writing = _Writing(filename=filename, actor=actor, import_id=import_id)
        _check_references_at_once()
        for chunk in batched(reader, CHUNK):
            decided = list(_decided(chunk, claims, default))
            for item in decided:
                summary.count(item.outcome)
                if on_outcome:
                    on_outcome(item.outcome)
            if commit and (rows is Rows.GOOD or not summary.refused):
                writing.write([d for d in decided if d.outcome.result is Result.CREATED])
            if on_progress:
                on_progress(reader.bytes_read)
        summary.is_written = commit and (rows is Rows.GOOD or not summary.refused)
        if not summary.is_written:
            transaction.set_rollback(True)
    return summary


@dataclass(frozen=True, slots=True)
class _Decided:
    row: Row
    outcome: Outcome
    location_id: int | None


def _decided(rows: Sequence[Row], claims: Claims, default: int | None) -> Iterator[_Decided]:
    """Settle a chunk of rows, in order, without writing; `default` is a location's id."""
    makers = lookups.manufacturers({row.manufacturer for row in rows if row.manufacturer})
    places = lookups.locations({row.location for row in rows if row.location})
    for row, claim in zip(rows, claims.of(rows, makers), strict=True):
        place = places.get(row.location) if row.location else default
        yield _Decided(row, _outcome(row, claim, has_place=place is not None), place)


def _outcome(row: Row, claim: Claim, *, has_place: bool) -> Outcome:
    problems = [row.problem]
    if claim.result is Result.REFUSED and (claim.sku or not row.problem):
        problems.append(claim.note)
    if row.location and not has_place:
        sentence = _("There is no location “%(code)s”.")
        problems.append(sentence % {"code": row.location[:80]})
    elif row.quantity and not has_place:
        problems.append(_("Say where these units are: give the row a location."))
    problem = " ".join(filter(None, problems))
    result = Result.REFUSED if problem else claim.result
    return Outcome(
        line=row.line,
        result=result,
        sku=claim.sku,
        name=row.name,
        units=row.quantity if result is Result.CREATED else 0,
        note=problem or claim.note,
    )


class _Writing:
    """Writes what was decided: few statements per chunk, stock through the ledger alone."""

    def __init__(self, *, filename: str, actor: Person, import_id: UUID) -> None:
        self._actor, self._import_id = actor, import_id
        self._reference = filename.encode(errors="replace").decode()[:REFERENCE_LENGTH]

    def write(self, created: Sequence[_Decided]) -> None:
        """Write one chunk of new products and their opening stock."""
        rows = [item.row for item in created]
        makers = lookups.make_manufacturers(row.manufacturer for row in rows if row.manufacturer)
        categories = lookups.make_categories(row.category for row in rows if row.category)
        products = Product.objects.bulk_create(
            Product(
                sku=item.outcome.sku,
                name=item.row.name,
                manufacturer_id=makers.get(item.row.manufacturer),
                part_number=item.row.part_number,
                category_id=categories.get(item.row.category),
                description=item.row.description,
                reorder_point=item.row.reorder_point,
            )
            for item in created
        )
        placed = [
            (product.pk, item.location_id)
            for product, item in zip(products, created, strict=True)
            if item.location_id is not None
        ]
        ledger.open_levels(placed)
        movements = [
            self._opening(product, item)
            for product, item in zip(products, created, strict=True)
            if item.row.quantity
        ]
        if movements:
            key = uuid5(NAMESPACE, f"{self._import_id}:{created[0].row.line}")
            ledger.record_batch(
                BatchKind.IMPORT,
                movements,
                actor=self._actor,
                key=key,
                reason=OPENING,
                reference=self._reference,
            )

    def _opening(self, product: Product, item: _Decided) -> ledger.Movement:
        assert item.location_id is not None  # noqa: S101 (else the row is refused)
        return ledger.Movement(
            product_id=product.pk,
            location_id=item.location_id,
            kind=Kind.RECEIPT,
            quantity=item.row.quantity,
            reason=OPENING,
            reference=self._reference,
        )


def _check_references_at_once() -> None:
    """Have foreign keys checked row by row: at the end, the checks of a large file pile up."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def _failures() -> Iterator[None]:
    """Turn a collision with somebody else's change into `ImportFailed`."""
    collisions = psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure
    try:
        yield
    except refusals.Refusal as refusal:
        raise ImportFailed(refusal.sentence) from refusal
    except DatabaseError as error:
        if not isinstance(error, IntegrityError) and not isinstance(error.__cause__, collisions):
            raise
        sentence = _(
            "Somebody changed the same products meanwhile; nothing was imported. Try again."
        )
        raise ImportFailed(sentence) from error
