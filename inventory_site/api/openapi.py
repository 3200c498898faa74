"""The OpenAPI 3 document and its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control, never_cache
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response

from inventory_site.api.authentication import PersonAuthentication
from inventory_site.api.described import ERRORS, PROBLEM, REFUSALS, STATUS, Document


class PersonScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers
    """How the OpenAPI document describes access tokens."""

    target_class = PersonAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": (
                "An access token of `/accounts/api/v1/access-tokens/`, or of a sign-in. On this"
                " site's own pages, the cookie of whoever is signed in."
            ),
        }


@method_decorator(cache_control(public=True, max_age=300), name="dispatch")
class SchemaView(SpectacularAPIView):
    """The document, as YAML or JSON.

    Public: somebody who writes a program needs it before they have an account, it says nothing
    about anybody, and which addresses there are is in the source for all to read.
    """

    throttle_classes = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write it in English, as its field names are."""
        with translation.override("en"):
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            return answer.render() if isinstance(answer, Response) else answer


@method_decorator(never_cache, name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """The document as a page to read and try; public as the document is.

    Swagger's files come from a package and its start from an address of its own, so that the page
    needs no foreign host and no inline script.
    """

    throttle_classes = []
    template_name = "api/docs.html"
    url_name = "api-schema"
    title = ""  # the page has its own


def add_problems(result: Document, **_context: Any) -> Document:
    """Say how each operation may be refused, and what else is common to all (a hook)."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = REFUSALS
    for item in result["paths"].values():
        for method, operation in item.items():
            for name in ERRORS[method]:
                reference = {"$ref": f"#/components/responses/{name}"}
                operation["responses"].setdefault(str(STATUS[name]), reference)
            for answer in operation["responses"].values():
                if table := answer.get("content", {}).get("text/csv"):
                    table["schema"] = {"type": "string", "description": "All rows, with a header."}
    return result
