"""The dashboard's list: searched, filtered, paged, an exact code first."""

import base64
import json
import re
from typing import Any

import pytest
from django.test import Client

from inventory_site.access import cut_offs
from inventory_site.products.models import Category, Location, Manufacturer, Product
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db


def names(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'class="c-name">(?:<input [^>]*>)?<a [^>]*>([^<]*)</a>', page)


@pytest.fixture
def catalogue(shelf: Location) -> None:
    """A handful of things, some out, some low."""
    cisco, apc = Manufacturer.objects.create(name="Cisco"), Manufacturer.objects.create(name="APC")
    network = Category.objects.create(name="Network")
    switches = Category.objects.create(name="Switches", parent=network)
    made = [
        ("C9300-24T", "Catalyst 9300-24T", cisco, switches, 0),
        ("C9300-24T-A", "A Catalyst with 24 ports", cisco, switches, 3),
        ("N9K", "Nexus 9000", cisco, network, 50),
        ("AP7900", "Switched PDU", apc, None, 7),
    ]
    for sku, name, maker, category, units in made:
        product = Product.objects.create(
            sku=sku, name=name, manufacturer=maker, category=category, reorder_point=5
        )
        if units:
            receive(product, shelf, units)


@pytest.mark.parametrize("query", ["category=999999", "category=x", "level=theft"])
def test_a_filter_that_means_nothing_is_no_error(
    operator: Client, catalogue: None, query: str
) -> None:
    assert operator.get(f"/?{query}").status_code == 200


ODD: list[list[Any]] = [[], ["\0", 1], ["a", 10**30], ["a", None], ["\ud800", 1], [{}, []]]


def cursor_of(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([False, values]).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *(cursor_of(values) for values in ODD),
        "x",
        "é",
    ],
)
def test_a_cursor_that_is_not_ours_is_no_error(
    operator: Client, catalogue: None, cursor: str
) -> None:
    assert operator.get("/", {"cursor": cursor}).status_code == 200
    assert operator.get("/transactions/", {"cursor": cursor}).status_code == 200


def test_a_search_that_finds_nothing_says_so_and_shows_a_way_on(
    operator: Client, catalogue: None
) -> None:
    page = operator.get("/?q=zebra").content.decode()
    assert "Nothing matches “zebra”." in page
    assert "Clear filters" in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nexus", ["Nexus 9000"]),
        ("n9", ["Nexus 9000"]),
        ("cisco 9000", ["Nexus 9000"]),
        ("APC", ["Switched PDU"]),
        ("c9300", ["A Catalyst with 24 ports", "Catalyst 9300-24T"]),
        ("100%", []),
    ],
)
def test_every_word_is_looked_for_in_code_name_part_number_and_maker(
    operator: Client, catalogue: None, text: str, found: list[str]
) -> None:
    assert names(operator, f"/?q={text}") == found


def test_an_exact_code_comes_first_and_its_plus_one_takes_the_next_enter(
    operator: Client, catalogue: None
) -> None:
    assert names(operator, "/?q=c9300-24t") == ["Catalyst 9300-24T", "A Catalyst with 24 ports"]
    assert operator.get("/?q=c9300-24t").content.decode().count("data-exact") == 1


def test_a_category_includes_those_below_it(operator: Client, catalogue: None) -> None:
    network = Category.objects.get(name="Network")
    assert len(names(operator, f"/?category={network.pk}")) == 3
    switches = Category.objects.get(name="Switches")
    assert len(names(operator, f"/?category={switches.pk}")) == 2


def test_low_and_out_are_told_apart(operator: Client, catalogue: None) -> None:
    assert names(operator, "/?level=low") == ["A Catalyst with 24 ports"]
    assert names(operator, "/?level=out") == ["Catalyst 9300-24T"]


def test_the_tiles_count_products_units_low_and_out(operator: Client, catalogue: None) -> None:
    page = operator.get("/").content.decode()
    assert re.findall(r'<strong class="num">(\d+)</strong>', page) == ["4", "60", "1", "1"]


def test_a_product_out_of_use_is_listed_only_while_there_is_any_of_it(
    operator: Client, catalogue: None
) -> None:
    Product.objects.update(is_active=False)
    assert len(names(operator, "/")) == 3
    assert "Catalyst 9300-24T" not in names(operator, "/")
    page = operator.get("/").content.decode()
    assert re.findall(r'<strong class="num">(\d+)</strong>', page) == ["3", "60", "1", "0"]


def test_pages_forwards_and_back_show_every_product_once(
    operator: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut_offs, "FRESH_SECONDS", 3600)
    operator.get("/")  # so that who is asking needs no query below
    Product.objects.bulk_create(Product(sku=f"P-{n}", name=f"Thing {n % 7}") for n in range(120))
    seen: list[list[str]] = []
    cursor = ""
    while len(seen) < 3:
        with django_assert_max_num_queries(6):
            page = operator.get("/", {"cursor": cursor}).content.decode()
        seen.append(re.findall(r"<code>(P-\d+)</code>", page))
        following = re.search(r'rel="next" href="\?cursor=([^"]+)"', page)
        assert (following is None) == (len(seen) == 3)
        cursor = following.group(1) if following else ""
    assert [len(skus) for skus in seen] == [50, 50, 20]
    assert len({sku for skus in seen for sku in skus}) == 120
    back = re.search(r'rel="prev" href="\?cursor=([^"]+)"', page)
    assert back
    before = operator.get("/", {"cursor": back.group(1)}).content.decode()
    assert re.findall(r"<code>(P-\d+)</code>", before) == seen[1]


def test_a_fragment_is_only_the_results_and_a_restored_page_is_whole(
    operator: Client, catalogue: None
) -> None:
    fragment = operator.get("/?q=nexus", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in operator.get("/?q=nexus", headers=headers).content.decode()
