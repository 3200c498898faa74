"""What the API refuses, whatever the resource: by status, reason code and sentence."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern
from rest_framework.views import APIView

from inventory_site.access.roles import Role
from inventory_site.api.permissions import Stated, stated
from inventory_site.api.problems import NoSuchAddress, server_error
from inventory_site.products.models import Supplier
from tests.inventory.conftest import claims_of, signed
from tests.inventory.programs import API, Program, problem_of, refused
from tests.routes import all_routes

pytestmark = pytest.mark.django_db
PUBLIC = {"api/v1/schema/", "api/v1/docs/", "api/"}


@pytest.fixture
def manager() -> Program:
    """A program of who may manage the catalogue."""
    return Program(Role.MANAGER)


def api_views() -> dict[str, type[APIView]]:
    def view_of(route: URLPattern) -> type[APIView]:
        found: type[APIView] = getattr(route.callback, "cls", None) or route.callback.view_class  # type: ignore[attr-defined]
        return found

    routes = all_routes().items()
    return {path: view_of(route) for path, route in routes if path.startswith("api/")}


def test_every_viewset_states_who_may_do_what_and_the_rest_is_refused() -> None:
    for path, view in api_views().items():
        if path not in PUBLIC:
            assert view.permission_classes == [Stated], path
            assert stated(view), path


def test_who_is_not_signed_in_gets_a_document_and_no_redirect() -> None:
    answer = Client(HTTP_HOST="localhost").get(f"{API}/suppliers/")
    assert refused(answer, 401) == "not_authenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_bad_bearer_is_not_made_up_for_by_a_good_cookie() -> None:
    client = Client(HTTP_HOST="localhost", headers={"authorization": "Bearer x.y.z"})
    client.cookies[settings.ACCESS_COOKIE] = signed(claims_of(Role.ADMIN))
    assert refused(client.get(f"{API}/suppliers/"), 401) == "invalid_token"


def test_a_cookie_writes_only_with_a_csrf_token() -> None:
    browser = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    browser.cookies[settings.ACCESS_COOKIE] = signed(claims_of(Role.MANAGER))
    assert browser.get(f"{API}/suppliers/").status_code == 200
    sent: dict[str, Any] = {"content_type": "application/json"}
    key = {"idempotency-key": str(uuid4())}
    answer = browser.post(f"{API}/suppliers/", {"name": "Bechtle"}, headers=key, **sent)
    assert refused(answer, 403) == "permission_denied"
    assert not Supplier.objects.exists()


def test_role_and_scope_are_both_needed() -> None:
    for program in (Program(Role.OPERATOR), Program(Role.MANAGER, scope="read")):
        assert refused(program.post("/suppliers/", {"name": "X"}), 403) == "permission_denied"
    assert refused(Program(Role.MANAGER, scope="manage").get("/suppliers/"), 403)
    assert not Supplier.objects.exists()


@pytest.mark.parametrize("path", ["/nothing/", "/suppliers", "/suppliers/x/", "/suppliers/9/"])
def test_an_address_that_leads_nowhere(manager: Program, path: str) -> None:
    assert refused(manager.get(path), 404) == "not_found"


def test_a_method_that_is_not_there(manager: Program) -> None:
    assert refused(manager.send("DELETE", "/suppliers/"), 405) == "method_not_allowed"


def test_a_type_that_is_not_there(manager: Program) -> None:
    assert refused(manager.get("/suppliers/", accept="image/png"), 406) == "not_acceptable"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_json(manager: Program, kind: str) -> None:
    answer = manager.post("/suppliers/", "name=X", content_type=kind)
    assert refused(answer, 415) == "unsupported_media_type"


def test_a_multipart_body(manager: Program) -> None:
    answer = manager.client.post(
        f"{API}/suppliers/", {"name": "X"}, headers={"idempotency-key": str(uuid4())}
    )
    assert refused(answer, 415) == "unsupported_media_type"


def test_a_body_that_is_too_large(manager: Program) -> None:
    answer = manager.post("/suppliers/", " " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert refused(answer, 413) == "too_large"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "parse_error"),
        ('{"name": NaN}', "parse_error"),
        ('{"name": ' + "[" * 100_000 + "]" * 100_000 + "}", "parse_error"),
        ('{"name": "a\\u0000b"}', "nul"),
        ('{"na\\u0000me": "a"}', "nul"),
        ('{"name": "\\ud800"}', "lone_surrogate"),
        ('{"\\udfff": "x"}', "lone_surrogate"),
    ],
)
def test_a_body_that_is_not_sound(manager: Program, body: str, code: str) -> None:
    assert refused(manager.post("/suppliers/", body), 400) == code
    assert not Supplier.objects.exists()


def test_an_address_with_a_nul_character(manager: Program) -> None:
    assert refused(manager.get("/suppliers/?q=%00"), 400) == "nul"


@pytest.mark.parametrize("body", ["[]", '"x"', "7", "null"])
def test_a_body_that_is_no_object(manager: Program, body: str) -> None:
    assert refused(manager.post("/suppliers/", body), 400) == "invalid"


def test_a_field_that_is_not_known_is_named(manager: Program) -> None:
    problem = problem_of(manager.post("/suppliers/", {"name": "X", "nmae": "Y"}), 400)
    assert (problem["code"], list(problem["errors"])) == ("invalid", ["nmae"])
    assert not Supplier.objects.exists()


def test_a_query_parameter_that_is_not_known_is_named(manager: Program) -> None:
    assert list(problem_of(manager.get("/suppliers/?nmae=x"), 400)["errors"]) == ["nmae"]


def test_sentences_are_in_the_readers_language_and_codes_are_not(manager: Program) -> None:
    answer = manager.get("/suppliers/?ordering=size", accept_language="pt-br")
    problem = problem_of(answer, 400)
    assert problem["code"] == "invalid"
    assert "Escolha" in problem["errors"]["ordering"][0]


def test_a_fault_of_ours_tells_nothing_of_it(rf: Any) -> None:
    answer = server_error(rf.get(f"{API}/suppliers/"))
    assert refused(answer, 500) == "fault"
    assert "text/html" in server_error(rf.get("/")).headers["Content-Type"]


def test_what_has_no_view_needs_no_token_to_be_told_so() -> None:
    assert api_views()["api/"] is NoSuchAddress
    answer = Client(HTTP_HOST="localhost").post("/api/v2/")
    assert json.loads(answer.content)["code"] == "not_found"
