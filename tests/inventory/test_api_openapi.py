"""The OpenAPI document: whole, valid, in words, and without foreign hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from inventory_site.access.roles import Role
from tests.inventory.programs import Program

SCHEMA, DOCS = "/api/v1/schema/", "/api/v1/docs/"
Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    """What anybody gets, whatever their language."""
    headers = {"accept": "application/vnd.oai.openapi+json", "accept-language": "pt-br"}
    answer = Client(HTTP_HOST="localhost").get(SCHEMA, headers=headers)
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


def test_every_operation_says_what_it_does_what_it_takes_and_how_it_refuses(
    document: Document,
) -> None:
    ids = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(ids) == len(set(ids)) >= 30
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"], where
        assert operation["security"] == [{"accessToken": []}], where
        assert {"400", "401", "403", "404", "406", "429"} <= operation["responses"].keys(), where
        named = {each["name"]: each for each in operation.get("parameters", [])}
        for parameter in named.values():
            is_plain = parameter["in"] == "path" or parameter["name"] == "ordering"
            assert is_plain or parameter["description"], (where, parameter)
        assert ("Idempotency-Key" in named) is (method != "get"), where
        assert ("If-Match" in named) is (method in {"put", "patch", "delete"}), where


def test_every_body_has_an_example(document: Document) -> None:
    for path, method, operation in operations(document):
        bodies = [operation.get("requestBody", {})]
        bodies += [it for code, it in operation["responses"].items() if code.startswith("2")]
        for body in bodies:
            content = body.get("content", {}).get("application/json")
            assert content is None or content.get("examples"), (method, path)


def test_every_refusal_is_a_problem_document_with_an_example(document: Document) -> None:
    refusals = document["components"]["responses"]
    for refusal in refusals.values():
        ((kind, content),) = refusal["content"].items()
        assert kind == "application/problem+json"
        assert content["example"]["code"]


def test_it_is_in_english_and_names_no_foreign_host(document: Document) -> None:
    assert document["paths"]["/api/v1/suppliers/"]["get"]["summary"] == "List suppliers"
    assert not re.findall(r"https?://(?!example\.com/)[^\"\s]+", json.dumps(document))


@pytest.mark.django_db
def test_an_example_of_a_product_has_the_fields_that_a_product_has(document: Document) -> None:
    schema = document["components"]["schemas"]["Product"]["properties"]
    added = Program(Role.MANAGER).post("/products/", {"sku": "A", "name": "A"}).json()
    assert set(added) == set(schema)


def test_the_page_has_no_inline_script_or_style_and_no_foreign_source() -> None:
    client = Client(HTTP_HOST="localhost")
    page = client.get(DOCS, headers={"accept": "text/html"}).content.decode()
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(source.startswith(("/", "#")) for source in sources)
    assert len([source for source in sources if "swagger-ui" in source]) == 2
    assert client.get(SCHEMA).headers["Cache-Control"] == "public, max-age=300"
    script = client.get(f"{DOCS}?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "no-store" in script.headers["Cache-Control"]
