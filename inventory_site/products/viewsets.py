"""The catalogue for programs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inventory_site.access.roles import Permission
from inventory_site.api.authentication import person_of
from inventory_site.api.keys import key_of
from inventory_site.api.problems import Conflict
from inventory_site.api.resources import EditableResource, Nothing
from inventory_site.products.catalogue import SkuTaken, open_book
from inventory_site.products.forms import StockFilterForm
from inventory_site.products.models import Category, Location, Manufacturer, Product, Supplier
from inventory_site.products.serializers import (
    CategorySerializer,
    LocationSerializer,
    ManufacturerSerializer,
    NewProductSerializer,
    ProductSerializer,
    SummarySerializer,
    SupplierSerializer,
)
from inventory_site.stock.tally import totals

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


class ManufacturerViewSet(EditableResource):
    """Who makes products. One who has any stays."""

    may = MANAGED
    queryset = Manufacturer.objects.all()
    serializer_class = ManufacturerSerializer
    lookup_url_kwarg = "manufacturer"


class CategoryViewSet(EditableResource):
    """The tree that products are sorted into. A category with anything in it stays."""

    may = MANAGED
    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    lookup_url_kwarg = "category"


class LocationViewSet(EditableResource):
    """The tree of places where stock can be. A place with history, or others in it, stays."""

    may = MANAGED
    queryset = Location.objects.select_related("parent")
    serializer_class = LocationSerializer
    lookup_field = "code__iexact"
    lookup_url_kwarg = "code"
    lookup_value_converter = "code"
    orderings = {"code": ["code", "id"]}
    ordering = "code"

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Keep those in whose code or name every word occurs."""
        for word in wanted["q"].split():
            rows = rows.filter(Q(code__icontains=word) | Q(name__icontains=word))
        return rows


class ProductFilterForm(StockFilterForm):
    """As the stock list is narrowed down, and by what only programs ask for."""

    manufacturer = forms.ModelChoiceField(
        Manufacturer.objects.all(), required=False, help_text="The id of a manufacturer."
    )
    is_active = forms.ChoiceField(
        choices=[("", ""), ("true", "true"), ("false", "false")],
        required=False,
        help_text="Without it: what is active, and what is not but of which there are units.",
    )


def wanted_products(wanted: dict[str, Any]) -> QuerySet[Product]:
    """Return the products that `StockFilterForm`, or more of it, leaves."""
    products = Product.objects.matching(wanted["q"]).with_on_hand()
    is_active: str = wanted.get("is_active", "")
    products = products.filter(is_active=is_active == "true") if is_active else products.in_use()
    if wanted["category"]:
        products = products.filter(category__in=wanted["category"])
    if manufacturer := wanted.get("manufacturer"):
        products = products.filter(manufacturer=manufacturer)
    if wanted["level"]:
        is_out = wanted["level"] == "out"
        products = products.out_of_stock() if is_out else products.low_on_stock()
    return products


class ProductViewSet(EditableResource):
    """Things that are stocked. The SKU is a product's identity and stays; so does its history.

    Units are here to be read: they move by transactions.
    """

    may = MANAGED | {"summary": Permission.READ}
    queryset = Product.objects.select_related("manufacturer", "category", "total")
    serializer_class = ProductSerializer
    new_serializer_class = NewProductSerializer
    lookup_field = "sku__iexact"
    lookup_url_kwarg = "sku"
    lookup_value_converter = "code"
    filters = ProductFilterForm
    orderings = {"name": ["sort_name", "id"]}

    def narrowed(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        """Narrow them down as the stock list does."""
        return wanted_products(wanted).select_related("manufacturer", "category", "total")

    def add(self, serializer: BaseSerializer[Any]) -> Model:
        """Open the product's book, with the stock that there is."""
        facts = dict(serializer.validated_data)
        opening = {"location": facts.pop("location", None), "quantity": facts.pop("quantity", 0)}
        product = Product(**facts)
        try:
            key = key_of(self.request)
            open_book(product, **opening, actor=person_of(self.request), key=key)
        except SkuTaken as error:
            raise Conflict(_("Another product was just given this SKU."), "sku_taken") from error
        return product

    @extend_schema(responses=SummarySerializer)
    @action(detail=False, pagination_class=None)
    def summary(self, request: Request) -> Response:
        """Read the dashboard's tiles.

        Numbers of products in use, and of units on hand, as they stand.
        """
        self.asked(Nothing)
        return Response(SummarySerializer(totals()).data)
