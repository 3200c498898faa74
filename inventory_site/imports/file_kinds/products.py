"""Products, with their opening stock if the file says so. What is there already stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports import lookups
from inventory_site.imports.book import Book, reference_of
from inventory_site.imports.cells import Choice, Code, Money, Number, Path, Prose, Text
from inventory_site.imports.claims import Claim, Claims
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import Decided, FileKind, Job
from inventory_site.imports.outcomes import Outcome, Result
from inventory_site.stock import ledger
from inventory_site.stock.kinds import OPENING, Kind
from inventory_site.stock.ledger import Movement

YES, NO = ("yes", "true", "1", "sim", "active", "ativo"), ("no", "false", "0", "nao", "inativo")
WORDS = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)


class ProductRow(NamedTuple):
    """A row; texts are tidied, the category is a path from the top, numbers are in units."""

    line: int
    problem: str
    sku: str
    name: str
    manufacturer: str
    part_number: str
    category: tuple[str, ...]
    description: str
    location: str
    quantity: int
    unit_cost: Decimal | None
    reorder_point: int
    active: bool


class Products(FileKind):
    """A row is created, unchanged or refused, never edited: the same file twice changes nothing."""

    name = "products"
    label = gettext_lazy("Products, with opening stock")
    help = gettext_lazy("Products that are there already stay as they are.")
    columns = (
        Column(
            "sku",
            Code(80),
            gettext_lazy(
                "Letters, digits, “.”, “-” and “_”. Without one, it is made of manufacturer and"
                " part number, or the name."
            ),
            ("código",),
        ),
        Column(
            "name",
            Text(120),
            gettext_lazy("The only one that must be there."),
            ("model", "nome", "modelo"),
            needed=True,
        ),
        Column(
            "manufacturer", Text(80), gettext_lazy("New ones are added."), ("maker", "fabricante")
        ),
        Column(
            "part_number",
            Code(80),
            gettext_lazy("The manufacturer’s own."),
            ("mpn", "código do fabricante"),
        ),
        Column(
            "category",
            Path(80, 8),
            gettext_lazy("A path such as Network > Switches. New ones are added."),
            ("kind", "categoria"),
        ),
        Column(
            "description", Prose(2000), gettext_lazy("Anything else worth knowing."), ("descrição",)
        ),
        Column(
            "location",
            Code(80),
            gettext_lazy("The code of a location that exists."),
            ("localização", "local"),
        ),
        Column(
            "quantity",
            Number(),
            gettext_lazy("The opening stock, in whole units; nothing is 0."),
            ("qty", "qtd", "qtde", "on hand", "quantidade", "estoque"),
        ),
        Column(
            "unit_cost",
            Money(),
            gettext_lazy("What one unit of the opening stock cost."),
            ("cost", "price", "custo", "custo unitário"),
        ),
        Column(
            "reorder_point",
            Number(),
            gettext_lazy("At or below this quantity the product is low."),
            ("minimum", "min", "mínimo"),
        ),
        Column(
            "active",
            Choice(WORDS, blank=True),
            gettext_lazy("Yes or no; nothing is yes."),
            ("ativo",),
        ),
    )
    row = ProductRow
    created = gettext_lazy("New products")
    units = gettext_lazy("Units of opening stock")
    unchanged = gettext_lazy("There already")

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._claims, self._book = Claims(self.seen), Book(job)
        place = job.place or lookups.only_location()
        self._default = place.pk if place else None

    @property
    def batch_id(self) -> int | None:
        """The batch of the opening stock."""
        return self._book.batch.pk if self._book.batch else None

    def decide(self, rows: Sequence[ProductRow]) -> Iterator[Decided]:
        """Settle a chunk of rows: which SKU each gets, and where its units are."""
        makers = lookups.manufacturers({row.manufacturer for row in rows if row.manufacturer})
        places = lookups.locations({row.location for row in rows if row.location})
        default = self._default
        for row, claim in zip(rows, self._claims.of(rows, makers), strict=True):
            place = places.get(row.location) if row.location else default
            result, note = claim.result, claim.note
            if (
                row.problem
                or result is Result.REFUSED
                or not row.name
                or (place is None and (row.location or row.quantity))
            ):
                result, note = Result.REFUSED, _problems(row, claim, has_place=place is not None)
            units = row.quantity if result is Result.CREATED else 0
            outcome = Outcome(row.line, result, claim.sku, row.name, units, note)
            yield Decided(row, outcome, (place,))

    def write(self, decided: Sequence[Decided]) -> None:
        """Write a chunk of new products and their opening stock."""
        rows: list[ProductRow] = [item.row for item in decided]
        makers = lookups.make_manufacturers(row.manufacturer for row in rows if row.manufacturer)
        categories = lookups.make_categories(row.category for row in rows if row.category)
        ids = _insert(
            {
                "sku": item.outcome.code,
                "name": row.name,
                "maker": makers.get(row.manufacturer),
                "part_number": row.part_number,
                "category": categories.get(row.category),
                "description": row.description,
                "reorder_point": row.reorder_point,
                "active": row.active,
            }
            for item, row in zip(decided, rows, strict=True)
        )
        placed = [(ids[item.outcome.code], item.ids[0]) for item in decided if item.ids[0]]
        ledger.open_levels(placed)
        reference = reference_of(self.job.filename)
        self._book.add(
            Movement(
                product_id=ids[item.outcome.code],
                location_id=item.ids[0],
                kind=Kind.RECEIPT,
                quantity=item.row.quantity,
                reason=OPENING,
                reference=reference,
                unit_cost=item.row.unit_cost,
            )
            for item in decided
            if item.row.quantity
        )


def _problems(row: ProductRow, claim: Claim, *, has_place: bool) -> str:
    """Say everything that is wrong with a row."""
    problems = [row.problem]
    if not row.name:
        problems.append(_("A product needs a name, and there is none."))
    if claim.result is Result.REFUSED and (claim.sku or not any(problems)):
        problems.append(claim.note)
    if row.location and not has_place:
        sentence = _("There is no location “%(code)s”.")
        problems.append(sentence % {"code": row.location[:80]})
    elif row.quantity and not has_place:
        problems.append(_("Say where these units are: give the row a location."))
    return " ".join(filter(None, problems))


def _insert(products: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Insert products in one statement, and return their ids by SKU."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO products_product (sku, name, manufacturer_id, part_number, category_id,"
            " description, reorder_point, is_active, created_at)"
            " SELECT x.*, now() FROM jsonb_to_recordset(%s::jsonb) AS x (sku text, name text,"
            " maker bigint, part_number text, category bigint, description text,"
            " reorder_point int, active bool) RETURNING sku, id",
            [json.dumps(list(products))],
        )
        return dict(cursor.fetchall())
