"""What the kinds of file have in common whose rows are about a product at a place."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.imports import lookups
from inventory_site.imports.book import Book
from inventory_site.imports.cells import Code, Text
from inventory_site.imports.columns import Column
from inventory_site.imports.file_kinds.base import FileKind, Job

SKU = Column(
    "sku", Code(80), gettext_lazy("Of a product that exists."), ("product", "produto"), needed=True
)
LOCATION = Column(
    "location",
    Code(80),
    gettext_lazy("The code of a location that exists."),
    ("place", "localização", "local"),
)
REFERENCE = Column(
    "reference", Text(64), gettext_lazy("A ticket, an order, a delivery note."), ("referência",)
)


class Spot(NamedTuple):
    """What a row names: ids, or what is wrong with it."""

    product_id: int
    name: str
    location_id: int
    problem: str

    @property
    def place(self) -> lookups.Place:
        """The product and the location."""
        return self.product_id, self.location_id


class StockKind(FileKind):
    """Rows about products that exist, at locations that exist; the products are locked first."""

    columns: ClassVar[tuple[Column, ...]] = ()
    locks = True

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.book = Book(job)
        place = job.place or lookups.only_location()
        self._default = place.pk if place else 0

    @property
    def batch_id(self) -> int | None:
        """The batch of the lines."""
        return self.book.batch.pk if self.book.batch else None

    def lock(self, chunks: Iterable[Sequence[Any]]) -> None:
        """Keep everybody from moving what the file is about, until it is written."""
        ids = array("q")
        for chunk in chunks:
            found = lookups.products({row.sku.upper() for row in chunk})
            ids.extend({pk for pk, _name in found.values()})
        self.book.open(list(set(ids)))

    def spots(self, rows: Sequence[Any]) -> Iterator[Spot]:
        """Yield what each row names."""
        products = lookups.products({row.sku.upper() for row in rows})
        places = lookups.locations({row.location for row in rows if row.location})
        for row in rows:
            product = products.get(row.sku.upper())
            location = places.get(row.location, 0) if row.location else self._default
            problems = [row.problem]
            if product is None and (row.sku or not row.problem):
                sentence = _("There is no product with the SKU “%(sku)s”.")
                problems.append(sentence % {"sku": row.sku[:80]})
            if not location and row.location:
                sentence = _("There is no location “%(code)s”.")
                problems.append(sentence % {"code": row.location[:80]})
            elif not location:
                problems.append(_("Say where these units are: give the row a location."))
            pk, name = product or (0, "")
            yield Spot(pk, name, location, " ".join(filter(None, problems)))

    def taken_before(self, spot: Spot, line: int) -> str:
        """Take a place for a line; return what is wrong if an earlier line has it."""
        earlier = self.seen.take(f"{spot.product_id}@{spot.location_id}", line)
        if earlier is None:
            return ""
        return _("Line %(line)s has the same product at the same place.") % {"line": earlier}
