"""Stock in the administration: to look at. It moves on the site itself, through the ledger."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from inventory_site.access.models import Person
from inventory_site.products.admin import CatalogueAdmin
from inventory_site.stock.models import Reason, StockLevel, StockTransaction, Verification

if TYPE_CHECKING:  # Django's own class takes no type argument while running
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin


class LookedAt(Admin):
    """An admin that changes nothing."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


@admin.register(StockLevel)
class StockLevelAdmin(LookedAt):
    """What is where."""

    list_display = ["product", "location", "on_hand", "reserved", "moved_at"]
    search_fields = ["product__sku", "product__name", "location__code"]
    list_select_related = ["product", "location"]
    fields = ["product", "location", "on_hand", "reserved", "moved_at"]


@admin.register(StockTransaction)
class StockTransactionAdmin(LookedAt):
    """The ledger."""

    list_display = ["created_at", "level", "kind", "quantity", "balance_after", "actor", "reason"]
    list_filter = ["kind"]
    search_fields = ["level__product__sku", "level__product__name", "reason", "reference"]
    list_select_related = ["level__product", "level__location", "actor"]
    ordering = ["-created_at", "-id"]
    fields = [
        "created_at",
        "level",
        "kind",
        "quantity",
        "balance_after",
        "actor",
        "reason",
        "reference",
        "fingerprint",
    ]


@admin.register(Verification)
class VerificationAdmin(LookedAt):
    """The proofs."""

    list_display = ["started_at", "levels", "transactions", "differences", "first_bad"]
    ordering = ["-started_at"]


@admin.register(Reason)
class ReasonAdmin(CatalogueAdmin):
    """The reasons to choose from; the ledger keeps the text of those it was given."""

    list_display = ["text", "kind", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["text"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the list to managers."""
        return _manages(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let managers look."""
        return _manages(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let managers add."""
        return _manages(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let managers change."""
        return _manages(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let managers delete; what is in the ledger keeps its text."""
        return _manages(request)


def _manages(request: HttpRequest) -> bool:
    """Tell whether this is a manager, who may keep this list although stock is only looked at."""
    return isinstance(request.user, Person) and request.user.can_manage
