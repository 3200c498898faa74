"""The administration of the catalogue, for managers. Stock is looked at, never edited."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.access.models import Person
from inventory_site.products.models import (
    Category,
    Location,
    Manufacturer,
    Product,
    ReorderPoint,
    Supplier,
)
from inventory_site.products.removal import reason_to_stay

if TYPE_CHECKING:  # Django's own class takes no type argument while running
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin

admin.site.site_header = gettext_lazy("TechStock administration")
admin.site.site_title = "TechStock"
admin.site.index_title = gettext_lazy("Catalogue and stock")
admin.site.site_url = "/"


class CatalogueAdmin(Admin):
    """What all catalogue admins share: who changed what is kept, and history keeps things."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Keep who added something; they may never have written anything here before."""
        self._remember(request)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Keep who changed something."""
        self._remember(request)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
        """Keep who deleted something."""
        self._remember(request)
        return super().log_deletions(request, queryset)

    @staticmethod
    def _remember(request: HttpRequest) -> None:
        if isinstance(request.user, Person):
            request.user.remember()

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[Any], list[Any]]:
        """Say, in a sentence each, what has history and therefore stays."""
        reasons = [reason for obj in objs if (reason := reason_to_stay(obj))]
        if reasons:
            return [], {}, set(), reasons
        deleted, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected  # empty stock levels go along unasked


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    """Categories."""

    list_display = ["name", "parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    list_select_related = ["parent"]


@admin.register(Manufacturer)
class ManufacturerAdmin(CatalogueAdmin):
    """Manufacturers."""

    search_fields = ["name"]


@admin.register(Supplier)
class SupplierAdmin(CatalogueAdmin):
    """Suppliers."""

    search_fields = ["name"]


@admin.register(Location)
class LocationAdmin(CatalogueAdmin):
    """Locations."""

    list_display = ["code", "name", "parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    list_select_related = ["parent"]


@admin.register(Product)
class ProductAdmin(CatalogueAdmin):
    """Products; how many there are is shown and is the ledger's business."""

    list_display = [
        "name",
        "sku",
        "manufacturer",
        "category",
        "on_hand",
        "reorder_point",
        "is_active",
    ]
    list_filter = ["is_active", "category"]
    search_fields = ["sku", "name", "part_number", "manufacturer__name"]
    autocomplete_fields = ["manufacturer", "category"]
    list_select_related = ["manufacturer", "category"]
    show_full_result_count = False
    fields = [
        ("name", "sku"),
        ("manufacturer", "part_number"),
        "category",
        "description",
        ("reorder_point", "is_active"),
        "on_hand",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the SKU once it is given: it is the product's identity."""
        return ["on_hand", "sku"] if obj else ["on_hand"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Know what is on hand."""
        products: QuerySet[Product] = Product.objects.with_on_hand()
        return products

    @admin.display(description=gettext_lazy("on hand"))
    def on_hand(self, product: Product) -> str:
        """Units at all locations together."""
        return str(getattr(product, "on_hand", _("none yet")))


@admin.register(ReorderPoint)
class ReorderPointAdmin(CatalogueAdmin):
    """Minimums at locations."""

    list_display = ["product", "location", "quantity"]
    search_fields = ["product__sku", "product__name", "location__code"]
    autocomplete_fields = ["product", "location"]
    list_select_related = ["product", "location"]
    ordering = ["product__sort_name", "product_id", "location__code"]
