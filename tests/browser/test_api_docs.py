"""The page about the API: readable, usable, and from this host alone."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.stack_fixture import Stack

DOCS = "/accounts/api/v1/docs/"


@pytest.mark.parametrize(
    ("docs", "shown"),
    [(DOCS, "/accounts/api/v1/profile/"), ("/api/v1/docs/", "/api/v1/products/{sku}/")],
)
def test_it_shows_every_operation_without_asking_anybody_else(
    stack: Stack, page: Page, docs: str, shown: str
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(stack.origin + docs)
    expect(page.get_by_text(shown, exact=True).first).to_be_visible()
    assert page.locator(".opblock").count() > 30
    assert hosts - {""} == {urlsplit(stack.origin).netloc}  # data: addresses have no host


def test_somebody_signed_in_tries_reading_and_writing_their_profile(
    stack: Stack, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/accounts/profile/")
    name = page.locator("[name=name]").input_value()
    page.goto(stack.origin + DOCS)
    block = page.locator("#operations-Profile-update_profile")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.locator("textarea.body-param__text").fill(json.dumps({"name": name}))
    with page.expect_response(f"{stack.origin}/accounts/api/v1/profile/") as answer:
        block.get_by_role("button", name="Execute").click()
    assert answer.value.status == 200
    assert answer.value.json()["name"] == name
