"""The addresses below /imports/."""

from django.urls import path

from inventory_site.products import import_views as views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<uuid:pk>/", views.product_import, name="import"),
    path("<uuid:pk>/report.csv", views.import_report, name="import-report"),
]
