"""The comparison of OpenAPI documents finds what would break a program, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.openapi.breaking import breaks
from tests.contract.openapi.snapshots import file_of

PRODUCTS, PRODUCT = "/api/v1/products/", "/api/v1/products/{sku}/"
Document = dict[str, Any]


def kept() -> Document:
    found: Document = json.loads(file_of("inventory").read_text())
    return found


def parameter(document: Document, name: str) -> Document:
    listed = document["paths"][PRODUCTS]["get"]["parameters"]
    (found,) = [each for each in listed if each["name"] == name]
    return found  # type: ignore[no-any-return]


def drop_path(document: Document) -> None:
    del document["paths"][PRODUCT]


def drop_operation(document: Document) -> None:
    del document["paths"][PRODUCT]["patch"]


def drop_response_field(document: Document) -> None:
    del document["components"]["schemas"]["Product"]["properties"]["on_hand"]


def drop_request_field(document: Document) -> None:
    del document["components"]["schemas"]["NewProductRequest"]["properties"]["quantity"]


def require_request_field(document: Document) -> None:
    document["components"]["schemas"]["NewProductRequest"]["required"].append("location")


def require_parameter(document: Document) -> None:
    parameter(document, "q")["required"] = True


def drop_parameter(document: Document) -> None:
    document["paths"][PRODUCTS]["get"]["parameters"].remove(parameter(document, "q"))


def narrow_enum(document: Document) -> None:
    parameter(document, "level")["schema"]["enum"].remove("low")


def change_type(document: Document) -> None:
    document["components"]["schemas"]["Product"]["properties"]["on_hand"]["type"] = "string"


def drop_csv(document: Document) -> None:
    del document["paths"][PRODUCTS]["get"]["responses"]["200"]["content"]["text/csv"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (drop_path, f"get {PRODUCT} is gone"),
        (drop_operation, f"patch {PRODUCT} is gone"),
        (drop_response_field, "on_hand is gone"),
        (drop_request_field, "quantity is gone"),
        (require_request_field, "location is required now"),
        (require_parameter, "q is required now"),
        (drop_parameter, "q is gone"),
        (narrow_enum, "level: fewer choices"),
        (change_type, "was integer, is string"),
        (drop_csv, "text/csv is gone"),
    ],
)
def test_what_breaks_programs_is_named_unless_the_version_changes(
    change: Callable[[Document], None], sentence: str
) -> None:
    changed = kept()
    change(changed)
    assert any(found.endswith(sentence) for found in breaks(kept(), changed))
    changed["info"]["version"] = "2"
    assert breaks(kept(), changed) == []


def test_what_is_added_breaks_nobody() -> None:
    changed = kept()
    changed["paths"]["/api/v1/assets/"] = changed["paths"][PRODUCTS]
    changed["components"]["schemas"]["Product"]["properties"]["colour"] = {"type": "string"}
    parameter(changed, "level")["schema"]["enum"].append("much")
    assert breaks(kept(), changed) == []
