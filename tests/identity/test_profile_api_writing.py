"""What a program may change about a profile, and what it is told when it may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from identity_site.programs.profile import ProfileSerializer
from tests.identity.conftest import BROWSER
from tests.identity.program import JSON, bearer, sign_in_program

PROFILE = "/accounts/api/v1/profile/"
PROBLEM = "application/problem+json"


@pytest.fixture
def program(client: Client, vera: User) -> Client:
    """A program in which Vera is signed in, without any cookie."""
    token = sign_in_program(client, vera)["access_token"]
    return Client(headers={**BROWSER, **bearer(token)}, enforce_csrf_checks=True)


def patch(client: Client, data: Any) -> Any:
    return client.patch(PROFILE, data, content_type=JSON)


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"name": ""}, "name", "may not be blank"),
        ({"name": " \t "}, "name", "may not be blank"),
        ({"name": None}, "name", "may not be null"),
        ({"name": ["Vera"]}, "name", "Not a valid string"),
        ({"name": "x" * 101}, "name", "no more than 100 characters"),
        ({"name": "Vera\x00"}, "name", "Null characters are not allowed"),
        ({"name": "Vera\nBcc: x"}, "name", "Write the name on one line."),
        ({"name": "\ud800"}, "name", "Surrogate characters are not allowed"),
        ({"language": "fr"}, "language", "not a valid choice"),
        ({"language": {}}, "language", "not a valid choice"),
        ([], "non_field_errors", "Expected a dictionary"),
    ],
)
def test_bad_input_gets_a_sentence_at_the_field_and_changes_nothing(
    program: Client, vera: User, data: Any, field: str, sentence: str
) -> None:
    answer = patch(program, data)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)
    assert sentence in " ".join(answer.json()["errors"][field])
    vera.refresh_from_db()
    assert (vera.name, vera.language) == ("Vera Novak", "")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 60_000, b'{"name": NaN}'])
def test_malformed_json_is_refused(program: Client, body: bytes) -> None:
    answer = program.patch(PROFILE, body, content_type=JSON)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)


def test_other_refusals_are_problem_documents_too(program: Client) -> None:
    answers = {
        404: program.get("/accounts/api/v1/nothing/"),
        405: program.delete(PROFILE),
        406: program.get(PROFILE, headers={"accept": "text/html"}),
        413: patch(program, {"name": "x" * 70_000}),
        415: program.patch(PROFILE, "name=Vera", content_type="application/x-www-form-urlencoded"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
        assert {"type", "title", "status", "detail"} <= set(answer.json())


def test_what_cannot_be_changed_here_stays_as_it_is(program: Client, vera: User) -> None:
    greedy = {"name": "Vera", "email": "x@example.com", "role": "admin", "is_active": False}
    assert patch(program, greedy).json()["role"] == "viewer"
    vera.refresh_from_db()
    assert (vera.email, vera.role, vera.is_active) == ("vera@example.com", "viewer", True)


def test_a_role_that_an_administrator_changed_meanwhile_is_not_undone(vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(role=Role.OPERATOR)
    serializer = ProfileSerializer(vera, data={"name": "Vera"}, partial=True)
    assert serializer.is_valid()
    serializer.save()
    vera.refresh_from_db()
    assert (vera.name, vera.role) == ("Vera", "operator")


def test_the_profile_is_read_and_changed(program: Client, vera: User) -> None:
    first = program.get(PROFILE)
    assert first.json() == {
        "id": str(vera.pk),
        "email": "vera@example.com",
        "name": "Vera Novak",
        "language": "",
        "role": "viewer",
        "has_second_factor": False,
    }
    assert "no-store" in first.headers["Cache-Control"]
    answer = patch(program, {"name": " Vera Nováková ", "language": "pt-br"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Vera Nováková")
    vera.refresh_from_db()
    assert (vera.name, vera.language) == ("Vera Nováková", "pt-br")
    assert not program.cookies
