"""A real catalogue as people bring it: chosen, mapped, looked at, imported, looked at, undone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embedded.places import ROOT
from tests.browser.conftest import NewPage
from tests.stack_fixture import Stack

SignIn = Callable[[Page, str], None]
MINUTES = 120_000
"""Milliseconds that the worker may take for a whole file, on a slow machine."""


@pytest.fixture
def catalogue(tmp_path: Path) -> tuple[Path, int, int]:
    """The catalogue with other makers and models, as Excel in Brazil saves it; rows and units."""
    with (ROOT / "embedded" / "demo" / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "catálogo.csv"
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Marca", "Modelo", "PN", "Categoria", "Onde", "Qty", "What it is"])
        for row in rows:
            names = f"Zz {row['manufacturer']}", f"Zz {row['model']}", row["part_number"]
            writer.writerow([*names, row["category"], row["location"], row["quantity"], "-"])
    return path, len(rows), sum(int(row["quantity"]) for row in rows)


def tile(page: Page, name: str) -> str:
    """The number on a tile."""
    found = page.locator(".tile").filter(has_text=name).locator("strong")
    return found.inner_text().replace(",", "")


def test_the_whole_catalogue_is_mapped_previewed_imported_and_undone(
    stack: Stack, page: Page, sign_in: SignIn, catalogue: tuple[Path, int, int]
) -> None:
    path, rows, units = catalogue
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/imports/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.locator("h1")).to_have_text("catálogo.csv")
    expect(page.locator("caption").first).to_have_text("The first rows")
    expect(page.locator("[name=column-quantity]")).to_have_value("5")  # guessed
    page.select_option("[name=column-name]", "1")
    page.select_option("[name=column-manufacturer]", "0")
    page.select_option("[name=column-location]", "4")
    page.get_by_role("button", name="Check every row").click()
    expect(page.locator(".tiles")).to_be_visible(timeout=MINUTES)
    assert (tile(page, "New products"), tile(page, "Refused")) == (str(rows), "0")
    page.get_by_role("button", name=f"Import all {rows:,} rows").click()
    expect(page.get_by_text("The import is done.")).to_be_visible(timeout=MINUTES)
    assert int(tile(page, "Units")) == units

    page.get_by_role("link", name="Look at its lines").click()
    expect(page.locator("h1")).to_contain_text("Import")
    expect(page.locator("dl")).to_contain_text("catálogo.csv")
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator("dl")).to_contain_text("Takes back", timeout=MINUTES)
    page.goto(f"{stack.origin}/?q=Zz+4200G")
    expect(page.locator("tbody .qty strong").first).to_have_text("0")
    expect(page.locator("[data-st=ok], [data-st=low]")).to_have_count(0)


def test_without_a_script_a_list_goes_the_same_way_and_a_bad_row_is_named(
    stack: Stack, new_page: NewPage, sign_in: SignIn, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name,quantity\nZz Bracket,many\nZz Bracket,2\n", encoding="utf-8")
    page = new_page(script=False)
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/imports/")
    page.set_input_files("[name=file]", path)
    page.select_option("[name=default_location]", index=1)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Check every row").click()
    while page.locator(".tiles").count() == 0:  # the worker is at it
        page.get_by_role("link", name="Look again").click()
    expect(page.locator("main")).to_contain_text("“many” is not a whole number")
    page.get_by_role("button", name="Import the 1 good row").click()
    while page.get_by_text("The import is done.").count() == 0:
        page.get_by_role("link", name="Look again").click()
    page.goto(f"{stack.origin}/?q=Zz+Bracket")
    expect(page.locator("tbody .qty strong")).to_have_text("2")


def test_a_file_that_is_none_is_refused_at_its_field(
    stack: Stack, page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    sign_in(page, "manager")
    page.goto(f"{stack.origin}/imports/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.locator(".err .error")).to_be_visible()
