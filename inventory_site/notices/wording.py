"""What a notice says, in a sentence in the reader's language."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site.notices.kinds import NoticeKind
from inventory_site.stock.asked import shown


def sentence(kind: str, data: dict[str, Any]) -> str:
    """Say what happened, with the facts as they were then."""
    if kind in {NoticeKind.LOW_STOCK, NoticeKind.OUT_OF_STOCK}:
        return _of_stock(kind, data)
    if kind == NoticeKind.RESERVATION_EXPIRING:
        return _of_reservation(data)
    if kind == NoticeKind.APPROVAL_WAITING:
        n = data["units"]
        said = ngettext("%(n)s unit: %(reason)s", "%(n)s units: %(reason)s", n)
        return said % {"n": n, "reason": shown(data["reason"]) or "–"}
    if kind == NoticeKind.VERIFICATION_FAILED:
        n = data["differences"]
        said = ngettext("%(n)s difference: %(first)s", "%(n)s differences: %(first)s", n)
        return said % {"n": n, "first": data["first_bad"]}
    return _("This is a test.")


def _of_stock(kind: str, data: dict[str, Any]) -> str:
    facts = {"name": data["product"]["name"], "sku": data["product"]["sku"]}
    facts |= {"n": data["on_hand"], "minimum": data["reorder_point"]}
    if kind == NoticeKind.OUT_OF_STOCK:
        return _("%(name)s (%(sku)s): none left") % facts
    if place := data.get("location"):
        facts["place"] = place["code"]
        return _("%(name)s (%(sku)s): %(n)s left at %(place)s, minimum there %(minimum)s") % facts
    return _("%(name)s (%(sku)s): %(n)s left, minimum %(minimum)s") % facts


def _of_reservation(data: dict[str, Any]) -> str:
    said = _("%(name)s (%(sku)s): %(n)s held at %(place)s for %(recipient)s, last day %(until)s")
    return said % {
        "name": data["product"]["name"],
        "sku": data["product"]["sku"],
        "n": data["units"],
        "place": data["location"]["code"],
        "recipient": data["recipient"],
        "until": date_format(date.fromisoformat(data["until"]), "SHORT_DATE_FORMAT"),
    }


def path_to(kind: str, data: dict[str, Any]) -> str:
    """Return the path of the page to look at."""
    if kind == NoticeKind.APPROVAL_WAITING:
        return reverse("approval", args=[data["approval"]])
    if kind == NoticeKind.RESERVATION_EXPIRING:
        return reverse("reservation", args=[data["reservation"]])
    if kind in {NoticeKind.LOW_STOCK, NoticeKind.OUT_OF_STOCK}:
        return reverse("product", args=[data["product"]["sku"]])
    if kind == NoticeKind.VERIFICATION_FAILED:
        return reverse("proofs")
    return reverse("stock")
