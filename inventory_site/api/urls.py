"""Where everything for programs is, below `/api/`."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from inventory_site.api.openapi import DocsView, SchemaView
from inventory_site.api.problems import NoSuchAddress
from inventory_site.products.viewsets import SupplierViewSet

router = SimpleRouter(use_regex_path=False)
router.register("suppliers", SupplierViewSet, "api-suppliers")

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/docs/", DocsView.as_view(), name="api-docs"),
    re_path("", NoSuchAddress.as_view()),
]
