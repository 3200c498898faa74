"""The OpenAPI document: whole, valid, about what is really here, and without foreign hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from drf_spectacular.validation import validate_schema

from identity_site.accounts.models import User

SCHEMA, DOCS = "/accounts/api/v1/schema/", "/accounts/api/v1/docs/"
APP = "/accounts/_allauth/app/v1/"
Document = dict[str, Any]


@pytest.fixture
def document(client: Client) -> Document:
    answer = client.get(SCHEMA, headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    found: Document = json.loads(answer.content)
    return found


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_it_is_valid_and_every_reference_leads_somewhere(document: Document) -> None:
    validate_schema(document)  # type: ignore[no-untyped-call]  # the library has no types
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        node = document
        for part in reference.split("/"):
            node = node[part]


def test_every_operation_has_an_id_of_its_own_and_a_tag(document: Document) -> None:
    ids = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(ids) == len(set(ids)) > 30
    assert all(operation["tags"] for _path, _method, operation in operations(document))


def test_every_security_scheme_that_is_used_is_described(document: Document) -> None:
    described = set(document["components"]["securitySchemes"])
    used = {
        name
        for _path, _method, operation in operations(document)
        for choice in operation.get("security", [])
        for name in choice
    }
    assert used == described
    assert {"accessToken", "sessionToken", "personalToken"} <= used


def test_it_names_no_foreign_host_and_nothing_that_is_not_here(document: Document) -> None:
    text = json.dumps(document)
    assert not re.findall(r"https?://[^\"\s]+", text)
    assert not re.search(r"phone|provider|\{client\}|/browser/", " ".join(document["paths"]))
    for path in document["paths"]:
        assert resolve(path).view_name != "no_such_address"


def test_it_holds_sign_in_profile_and_exchange(document: Document) -> None:
    for path in ("auth/signup", "auth/login", "auth/2fa/authenticate", "tokens/refresh"):
        assert "post" in document["paths"][APP + path]
    assert set(document["paths"]["/accounts/api/v1/profile/"]) == {"get", "patch"}
    assert set(document["paths"]["/accounts/api/v1/access-tokens/"]) == {"post"}


def test_it_says_what_is_ours(document: Document) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["BaseSignup"]["required"] == ["name", "email"]
    assert schemas["PatchedProfile"]["properties"]["name"]["maxLength"] == 100
    assert "pattern" not in schemas["PatchedProfile"]["properties"]["name"]
    assert {"access_token", "refresh_token", "expires_in"} <= set(
        schemas["BaseAuthenticationMeta"]["properties"]
    )


def test_every_refusal_of_our_own_is_a_problem_document(document: Document) -> None:
    for path, _method, operation in operations(document):
        if path.startswith("/accounts/api/"):
            assert list(operation["responses"]["default"]["content"]) == [
                "application/problem+json"
            ]


def test_anybody_may_read_it_as_yaml_too(client: Client, vera: User) -> None:
    assert client.get(SCHEMA).content.startswith(b"openapi: 3.0.3")
    client.force_login(vera)
    assert client.get(SCHEMA).headers["Cache-Control"] == "public, max-age=300"


def test_the_page_has_no_inline_script_or_style_and_no_foreign_source(client: Client) -> None:
    page = client.get(DOCS, headers={"accept": "text/html"}).content.decode()
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(source.startswith(("/", "#")) for source in sources)
    assert len([source for source in sources if "swagger-ui" in source]) == 2


def test_the_start_of_the_page_carries_a_csrf_token_and_is_kept_by_no_cache(
    client: Client, vera: User
) -> None:
    client.force_login(vera)
    script = client.get(f"{DOCS}?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "no-store" in script.headers["Cache-Control"]
    assert re.search(r'"X-CSRFTOKEN"\] = "\w{64}"', script.content.decode())
