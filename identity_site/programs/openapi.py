"""One OpenAPI 3 document and its page: our own API, and what is served of allauth's."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib import resources
from typing import Any

import yaml
from allauth.headless.spec.internal import schema as allauth_schema
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control, never_cache
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from identity_site.accounts.models import NAME_LENGTH
from identity_site.programs.authentication import (
    BearerAuthentication,
    SessionTokenAuthentication,
)
from identity_site.programs.exchange import PersonalTokenAuthentication

Document = dict[str, Any]

SESSION_TOKEN = {"$ref": "#/components/parameters/SessionToken"}
USER_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
NAME = {"type": "string", "maxLength": NAME_LENGTH, "example": "Ana Lima"}
EMAIL = {"$ref": "#/components/schemas/Email"}
PASSWORD = {"$ref": "#/components/schemas/Password"}
TOKEN = {
    "access_token": {"type": "string", "description": "Goes into `Authorization: Bearer …`."},
    "token_type": {"type": "string", "enum": ["Bearer"]},
    "expires_in": {"type": "integer", "description": "Seconds for which it is good."},
}
PROBLEM = {
    "type": "object",
    "description": "Why something was refused (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "description": "By field, if fields are at fault."},
    },
    "required": ["type", "title", "status", "detail"],
}
REFUSAL = {
    "description": "A refusal.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


@method_decorator(cache_control(public=True, max_age=300), name="dispatch")
class SchemaView(SpectacularAPIView):
    """The document, as YAML or JSON.

    Public: somebody who writes a program needs it before they have an account, it says nothing
    about anybody, and which addresses there are is in the source for all to read.
    """


@method_decorator(never_cache, name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """The document as a page to read and try; public as the document is.

    Swagger's files come from a package and its start from an address of its own, so that the page
    needs no foreign host and no inline script.
    """

    template_name = "programs/docs.html"
    url_name = "api_schema"
    title = ""  # the page has its own


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers
    """How the OpenAPI document describes access tokens."""

    target_class = BearerAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "`meta.access_token` of a sign-in, good for 15 minutes.",
        }


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes session tokens."""

    target_class = SessionTokenAuthentication
    name = "sessionToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "`meta.session_token` of a sign-in.",
        }


class PersonalTokenScheme(BearerScheme):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes personal tokens."""

    target_class = PersonalTokenAuthentication
    name = "personalToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`techstock_pat_…`, made on the page of your personal tokens.",
        }


def add_sign_in(result: Document, **_context: Any) -> Document:
    """Join allauth's document with ours (a postprocessing hook of drf-spectacular)."""
    theirs = deepcopy(sign_in_document())
    ours = result["components"]
    for kind, components in theirs["components"].items():
        taken = ours.setdefault(kind, {})
        if clash := taken.keys() & components.keys():
            raise ValueError(f"Both documents have {kind} called {clash}.")
        taken.update(components)
    ours["schemas"]["Problem"] = PROBLEM
    for profile in ("Profile", "PatchedProfile"):
        # The library takes the pattern of what a name must not hold for what it must.
        ours["schemas"][profile]["properties"]["name"] = NAME
    for item in result["paths"].values():
        for operation in item.values():
            operation["responses"]["default"] = REFUSAL
    result["paths"] = theirs["paths"] | result["paths"]
    result["tags"] = theirs["tags"]
    return result


@cache
def sign_in_document() -> Document:
    """Return what allauth says about the part of its API that is served here."""
    file = resources.files("allauth.headless.spec") / "doc" / "openapi.yaml"
    document: Document = yaml.safe_load(file.read_bytes())
    allauth_schema.specify_user(document)
    allauth_schema.pin_client(document)
    root = reverse("headless:app:config").removesuffix("/app/v1/config")
    document["paths"] = {
        path.replace("/_allauth", root): item for path, item in document["paths"].items()
    }
    used_tags = allauth_schema.drop_unused_paths(document)
    allauth_schema.drop_unused_tags(document, used_tags)
    _describe_our_ways(document["components"])
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(operation, f"{method}_{path.removeprefix(f'{root}/app/v1/')}")
    _drop_unused_components(document)
    return document


def _complete(operation: Document, name: str) -> None:
    """Give an operation the id it lacks, and the session token as a credential."""
    operation["operationId"] = re.sub(r"\W+", "_", name)
    parameters = operation.pop("parameters", [])
    if SESSION_TOKEN in parameters:
        operation["security"] = [{"sessionToken": []}]
    if rest := [parameter for parameter in parameters if parameter != SESSION_TOKEN]:
        operation["parameters"] = rest


def _describe_our_ways(components: Document) -> None:
    """Say what is different from allauth: e-mail alone signs in, people have names, and tokens."""
    schemas = components["schemas"]
    # The library makes one up in each process, and the document would never be the same twice.
    schemas["User"]["properties"]["id"]["example"] = USER_ID
    components["examples"]["User"]["value"]["id"] = USER_ID  # which the other examples point at
    schemas["BaseSignup"] = {
        "type": "object",
        "properties": {"name": NAME, "email": EMAIL},
        "required": ["name", "email"],
    }
    schemas["Login"] = {
        "type": "object",
        "properties": {"email": EMAIL, "password": PASSWORD},
        "required": ["email", "password"],
    }
    schemas["RefreshToken"] = {
        "type": "string",
        "description": "Good for as long as its session lives; the same as the session token.",
    }
    schemas["BaseAuthenticationMeta"]["properties"] |= {
        **TOKEN,
        "refresh_token": {"$ref": "#/components/schemas/RefreshToken"},
        "is_second_factor_missing": {
            "type": "boolean",
            "description": (
                "There instead of an access token where the role needs a second factor and there"
                " is none: set one up, then refresh."
            ),
        },
    }
    del schemas["Flow"]["properties"]["provider"]
    configuration = schemas["ConfigurationResponse"]
    del configuration["properties"]["data"]["properties"]["socialaccount"]
    del configuration["example"]["data"]["socialaccount"]
    body = components["responses"]["RefreshToken"]["content"]["application/json"]["schema"]
    body["properties"]["data"] = {
        "type": "object",
        "properties": TOKEN,
        "required": list(TOKEN),
    }
    components["responses"]["RefreshToken"]["description"] = "A new access token."


def _drop_unused_components(document: Document) -> None:
    """Keep what the paths use, directly or through others: the rest is about other clients."""
    components = document["components"]
    used: set[tuple[str, str]] = set()
    waiting = list(_references(document["paths"]))
    while waiting:
        kind, name = reference = waiting.pop()
        if reference not in used:
            used.add(reference)
            waiting.extend(_references(components[kind][name]))
    for kind, named in components.items():
        components[kind] = {name: it for name, it in named.items() if (kind, name) in used}


def _references(node: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and name of every component that is mentioned."""
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                _hash, _components, kind, name = value.split("/")
                yield kind, name
            else:
                yield from _references(value)
