"""The addresses below /counts/."""

from django.urls import path

from inventory_site.counts import posting_views, views

urlpatterns = [
    path("", views.counts, name="counts"),
    path("new/", views.new_count, name="new-count"),
    path("<int:count>/", views.count, name="count"),
    path("<int:count>/scan/", views.scanner, name="count-scan"),
    path("<int:count>/sheet/", views.sheet, name="count-sheet"),
    path("<int:count>/posting/", posting_views.posting_page, name="count-posting"),
    path("<int:count>/cancellation/", posting_views.cancellation, name="count-cancellation"),
]
