"""Every address of the inventory site."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from inventory_site.access import views as access
from inventory_site.products import reorder_views as reorder
from inventory_site.products import views as products
from inventory_site.products.codes import CodeConverter
from inventory_site.reports import views as reports
from inventory_site.stock import approval_views as approvals
from inventory_site.stock import batch_views as batches
from inventory_site.stock import bulk_views as bulk
from inventory_site.stock import proof_views as proofs
from inventory_site.stock import reservation_views as reservations
from inventory_site.stock import views as stock

register_converter(CodeConverter, "code")
handler500 = "inventory_site.api.problems.server_error"

urlpatterns = [
    path("", products.stock, name="stock"),
    path("products/new/", products.new_product, name="new-product"),
    path("products/<code:sku>/", products.product, name="product"),
    path("products/<code:sku>/edit/", products.edit_product, name="edit-product"),
    path("products/<code:sku>/reorder-points/", reorder.reorder_points, name="reorder-points"),
    path("products/<code:sku>/transactions/", stock.product_transactions, name="transactions"),
    path("products/<code:sku>/transactions/new/", stock.movement, name="movement"),
    path("transactions/", stock.history, name="history"),
    path("transactions/<int:pk>/", stock.transaction, name="transaction"),
    path("transactions/<int:pk>/reversal/", stock.reversal, name="reversal"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/new/", bulk.new_batch, name="new-batch"),
    path("batches/<int:batch>/", batches.batch, name="batch"),
    path("batches/<int:batch>/reversal/", batches.batch_reversal, name="batch-reversal"),
    path("receipts/new/", bulk.new_receipt, name="new-receipt"),
    path("reservations/", reservations.reservation_list, name="reservations"),
    path("reservations/new/", reservations.new_reservation, name="new-reservation"),
    path("reservations/<int:reservation>/", reservations.reservation, name="reservation"),
    path(
        "reservations/<int:reservation>/transactions/",
        reservations.reservation_transactions,
        name="reservation-transactions",
    ),
    path(
        "reservations/<int:reservation>/release/",
        reservations.reservation_release,
        name="reservation-release",
    ),
    path("approvals/", approvals.approval_list, name="approvals"),
    path("approvals/<int:approval>/", approvals.approval, name="approval"),
    path(
        "approvals/<int:approval>/approval/",
        approvals.approval_approval,
        name="approval-approval",
    ),
    path("approvals/<int:approval>/refusal/", approvals.approval_refusal, name="approval-refusal"),
    path("reports/stock/", reports.stock_report, name="stock-report"),
    path("reports/movements/", reports.movement_report, name="movement-report"),
    path("reports/valuation/", reports.valuation_report, name="valuation-report"),
    path("proofs/", proofs.proof_list, name="proofs"),
    path("proofs/statement/", proofs.statement, name="statement"),
    path("reports/reorder/", reorder.reorder_report, name="reorder-report"),
    path("products/", RedirectView.as_view(pattern_name="stock", query_string=True)),
    path("", include("inventory_site.imports.urls")),
    path("counts/", include("inventory_site.counts.urls")),
    path("webhooks/", include("inventory_site.notices.urls")),
    path("api/", include("inventory_site.api.urls")),
    path("admin/login/", access.admin_login),
    path("admin/logout/", access.admin_logout),
    path("admin/password_change/", access.admin_password),
    path("admin/", admin.site.urls),
    path("internal/backchannel-logout/", access.backchannel_logout),
    path("healthz", access.healthz),
    path("readyz", access.readyz),
]
