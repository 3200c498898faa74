"""Every address of the inventory site."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from inventory_site.access import views as access
from inventory_site.products import views as products
from inventory_site.products.codes import CodeConverter
from inventory_site.stock import views as stock

register_converter(CodeConverter, "code")

urlpatterns = [
    path("", products.stock, name="stock"),
    path("products/new/", products.new_product, name="new-product"),
    path("products/<code:sku>/", products.product, name="product"),
    path("products/<code:sku>/edit/", products.edit_product, name="edit-product"),
    path("products/<code:sku>/transactions/", stock.product_transactions, name="transactions"),
    path("products/<code:sku>/transactions/new/", stock.movement, name="movement"),
    path("transactions/", stock.history, name="history"),
    path("transactions/<int:pk>/", stock.transaction, name="transaction"),
    path("transactions/<int:pk>/reversal/", stock.reversal, name="reversal"),
    path("reports/stock/", stock.report, name="stock-report"),
    path("products/", RedirectView.as_view(pattern_name="stock", query_string=True)),
    path("", include("inventory_site.imports.urls")),
    path("counts/", include("inventory_site.counts.urls")),
    path("webhooks/", include("inventory_site.notices.urls")),
    path("admin/login/", access.admin_login),
    path("admin/logout/", access.admin_logout),
    path("admin/password_change/", access.admin_password),
    path("admin/", admin.site.urls),
    path("internal/backchannel-logout/", access.backchannel_logout),
    path("healthz", access.healthz),
    path("readyz", access.readyz),
]
