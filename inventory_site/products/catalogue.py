"""Changes to the catalogue that are more than a row: a product with its opening stock."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inventory_site.access.models import Person
from inventory_site.products.models import Location, Product
from inventory_site.stock import ledger
from inventory_site.stock.kinds import OPENING, Kind


class SkuTaken(Exception):
    """Another product got this SKU first."""


def check_opening(location: Location | None, quantity: int | None) -> None:
    """Raise `ValidationError` for opening stock that is nowhere."""
    if quantity and not location:
        raise ValidationError({"location": _("Say where these units are.")})


def open_book(
    product: Product, *, location: Location | None, quantity: int, actor: Person, key: UUID
) -> None:
    """Save a new product and receive its opening stock, both or neither.

    Raises `SkuTaken`, or a `Refusal` of the ledger.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError as error:
            if "product_sku_unique" not in str(error):
                raise
            raise SkuTaken from error
        if location:
            ledger.open_levels([(product.pk, location.pk)])
        if location and quantity:
            opening = ledger.Movement(
                product_id=product.pk,
                location_id=location.pk,
                kind=Kind.RECEIPT,
                quantity=quantity,
                reason=OPENING,
            )
            ledger.record(opening, actor=actor, key=key)
