"""The addresses below /imports/ and /exports/."""

from django.urls import path

from inventory_site.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:pk>/", views.one_import, name="import"),
    path("imports/<uuid:pk>/columns/", views.import_columns, name="import-columns"),
    path("imports/<uuid:pk>/report.csv", views.import_report, name="import-report"),
    path("exports/<slug:kind>.csv", views.export, name="export"),
]
