"""Tells, once, of every reservation whose last day it is."""

from django.utils.timezone import localdate

from inventory_site.notices.kinds import NoticeKind
from inventory_site.notices.models import Notice
from inventory_site.stock.models import Reservation


def tell_of_expiring() -> None:
    """Write a notice of each open reservation that ends within 24 hours, if there is none yet."""
    ending = Reservation.objects.filter(closed_at=None, until__lte=localdate())
    Notice.objects.bulk_create(
        [
            Notice(
                kind=NoticeKind.RESERVATION_EXPIRING,
                data={
                    "reservation": each.pk,
                    "product": {
                        "id": each.product.pk,
                        "sku": each.product.sku,
                        "name": each.product.name,
                    },
                    "location": {"id": each.location.pk, "code": each.location.code},
                    "units": each.left_over,
                    "until": each.until.isoformat(),
                    "recipient": each.recipient,
                    "reference": each.reference,
                },
            )
            for each in ending.select_related("product", "location")
        ],
        ignore_conflicts=True,
    )
