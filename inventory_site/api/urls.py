"""Where everything for programs is, below `/api/`."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from inventory_site.api.openapi import DocsView, SchemaView
from inventory_site.api.problems import NoSuchAddress
from inventory_site.counts.viewsets import CountViewSet, LineViewSet
from inventory_site.notices.viewsets import DeliveryViewSet, WebhookViewSet
from inventory_site.products import viewsets as products
from inventory_site.products.reorder_viewsets import ReorderPointViewSet
from inventory_site.reports.viewsets import ProofViewSet, ReportViewSet
from inventory_site.stock.approval_viewsets import ApprovalViewSet
from inventory_site.stock.batch_viewsets import BatchViewSet
from inventory_site.stock.levels import StockLevelViewSet
from inventory_site.stock.reservation_viewsets import ReservationViewSet
from inventory_site.stock.transaction_viewsets import ProductTransactionViewSet, TransactionViewSet

router = SimpleRouter(use_regex_path=False)
router.register("categories", products.CategoryViewSet, "api-categories")
router.register("manufacturers", products.ManufacturerViewSet, "api-manufacturers")
router.register("products", products.ProductViewSet, "api-products")
router.register("locations", products.LocationViewSet, "api-locations")
router.register("suppliers", products.SupplierViewSet, "api-suppliers")
router.register("stock-levels", StockLevelViewSet, "api-stock-levels")
router.register("counts", CountViewSet, "api-counts")
router.register("counts/<int:count>/lines", LineViewSet, "api-count-lines")
router.register("webhooks", WebhookViewSet, "api-webhooks")
router.register("webhooks/<int:webhook>/deliveries", DeliveryViewSet, "api-deliveries")
router.register("reports", ReportViewSet, "api-reports")
router.register("reports/proofs", ProofViewSet, "api-proofs")
router.register("transactions", TransactionViewSet, "api-transactions")
router.register("batches", BatchViewSet, "api-batches")
router.register("reservations", ReservationViewSet, "api-reservations")
router.register("approvals", ApprovalViewSet, "api-approvals")

# Resources of one product: what is below its address.
of_product: list[URLPattern | URLResolver] = [
    path(
        "transactions/",
        ProductTransactionViewSet.as_view(
            {"get": "list", "post": "create"}, basename="api-transactions"
        ),
    ),
    path(
        "reorder-points/",
        ReorderPointViewSet.as_view(
            {"get": "list", "post": "create"}, basename="api-reorder-points"
        ),
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/products/<code:sku>/", include(of_product)),
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/docs/", DocsView.as_view(), name="api-docs"),
    re_path("", NoSuchAddress.as_view()),
]
