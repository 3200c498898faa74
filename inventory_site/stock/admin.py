"""Stock in the administration: to look at. It moves on the site itself, through the ledger."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from inventory_site.stock.models import StockLevel, StockTransaction, Verification

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
