"""The catalogue for programs."""

from __future__ import annotations

from inventory_site.access.roles import Permission
from inventory_site.api.resources import EditableResource
from inventory_site.products.models import Supplier
from inventory_site.products.serializers import SupplierSerializer

MANAGED = {
    "list": Permission.READ,
    "retrieve": Permission.READ,
    "create": Permission.MANAGE,
    "update": Permission.MANAGE,
    "partial_update": Permission.MANAGE,
    "destroy": Permission.MANAGE,
}
"""Everybody may look, managers may edit: as in the administration."""


class SupplierViewSet(EditableResource):
    """Who delivers what is received. One who is in the ledger stays."""

    may = MANAGED
    queryset = Supplier.objects.all()
    serializer_class = SupplierSerializer
    lookup_url_kwarg = "supplier"
