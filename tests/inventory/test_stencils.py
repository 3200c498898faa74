"""A page filled into a stencil is the page that its template would render."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest import MonkeyPatch

from inventory_site import stencils
from inventory_site.products.models import Category, Location, Manufacturer, Product
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db

EVIL = "<b>\"x\" 'y' &amp; 100% %(name)s .-name-. {{ name }}"
KEYS = re.compile(r'value="[0-9a-f-]{36}"|value="[0-9A-Za-z]{64}"|"X-CSRFToken": ?"[^"]*"')


@pytest.fixture
def evil(shelf: Location) -> Product:
    """A product whose every word is out to break the page."""
    maker = Manufacturer.objects.create(name=EVIL)
    category = Category.objects.create(name=EVIL)
    product = Product.objects.create(
        sku="EV-1", name=EVIL, manufacturer=maker, category=category, reorder_point=9
    )
    receive(product, shelf, 5)
    return product


def test_what_people_type_never_becomes_part_of_the_page(operator: Client, evil: Product) -> None:
    escaped = "&lt;b&gt;&quot;x&quot; &#x27;y&#x27; &amp;amp; 100% %(name)s .-name-. {{ name }}"
    for page in ("/", "/?q=EV-1", f"/?q={EVIL.replace('%', '%25').replace('&', '%26')}"):
        shown = operator.get(page).content.decode()
        assert "<b>" not in shown
        assert escaped in shown.replace("&#39;", "&#x27;")


@pytest.mark.parametrize(
    "page", ["/", "/?q=laptop", "/?level=low", "/?q=nothing-like-it", "/?category=x"]
)
@pytest.mark.parametrize("language", ["en", "pt-br"])
@pytest.mark.parametrize("theme", ["", "dark"])
def test_the_page_is_as_django_renders_it(
    operator: Client,
    evil: Product,
    monkeypatch: MonkeyPatch,
    page: str,
    language: str,
    theme: str,
) -> None:
    operator.cookies["django_language"] = language
    if theme:
        operator.cookies["theme"] = theme
    filled = [operator.get(page).content.decode() for _ in range(2)]
    # A page with a message is rendered, not filled: have each be one, with nothing to say.
    monkeypatch.setattr(stencils, "get_messages", lambda request: [get_messages(request)])
    rendered = operator.get(page).content.decode()
    assert _told(filled[0]) == _told(filled[1]) == _told(rendered)


def _told(page: str) -> str:
    """Return a page without keys that differ each time, and however it is indented."""
    return re.sub(r"\s*\n\s*", "\n", KEYS.sub('value="…"', page)).strip()
