"""Somebody who is not signed in: refused by default, and brought back afterwards."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from inventory_site.access.roles import Permission
from inventory_site.api.permissions import Stated

LOGOUT = "internal/backchannel-logout/"  # whose caller proves itself by a signature
PUBLIC = {"healthz", "readyz", "admin/login/", "admin/logout/", LOGOUT}
API = "api/"  # which answers programs itself, and for every address below it that is not there
PUBLIC_API = {API, "api/v1/schema/", "api/v1/docs/"}


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        found += routes(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


ROUTES = routes(get_resolver())
FIRST = dict(reversed(ROUTES))
"""By path: the route that answers it."""


@pytest.mark.parametrize("path", [path for path in FIRST if not path.startswith(API)])
def test_every_route_refuses_by_default(path: str) -> None:
    view = FIRST[path].callback
    assert getattr(view, "login_required", True) is (path not in PUBLIC)


@pytest.mark.parametrize("path", [path for path in FIRST if path.startswith(API)])
def test_every_route_of_the_api_refuses_what_its_viewset_does_not_state(path: str) -> None:
    view = FIRST[path].callback.cls  # type: ignore[attr-defined]  # a viewset's
    assert (view.permission_classes == [Stated]) is (path not in PUBLIC_API)


def test_every_view_of_ours_says_who_may_call_it() -> None:
    ours = [(path, route) for path, route in ROUTES if not path.startswith(("admin/", API))]
    silent = {path for path, route in ours if not hasattr(route.callback, "permission")}
    assert silent == {"healthz", "readyz", LOGOUT, "products/"}  # the last one only redirects
    assert all(
        isinstance(route.callback.permission, Permission)  # type: ignore[attr-defined]
        for path, route in ours
        if path not in silent
    )


def test_a_page_leads_to_sign_in_and_back_to_where_it_was(client: Client) -> None:
    answer = client.get("/?q=C9300&level=low", headers={"host": "localhost"})
    assert answer.headers["Location"] == "/accounts/login/?next=/%3Fq%3DC9300%26level%3Dlow"


def test_a_fragment_sends_its_whole_page_to_sign_in(client: Client) -> None:
    headers = {"host": "localhost", "HX-Request": "true"}
    headers["HX-Current-URL"] = "http://localhost/products/X-1/"
    answer = client.get("/products/X-1/transactions/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/products/X-1/"


def test_a_plain_post_is_told_that_nothing_was_changed(client: Client) -> None:
    headers = {"host": "localhost", "referer": f"{settings.PUBLIC_ORIGIN}/products/X-1/"}
    answer = client.post("/products/X-1/transactions/", headers=headers)
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "Nothing was changed." in page
    assert "/accounts/login/?next=/products/X-1/" in page


def test_a_foreign_referer_is_not_where_one_comes_back_to(client: Client) -> None:
    headers = {"host": "localhost", "referer": "https://elsewhere.example/trap/"}
    answer = client.post("/products/X-1/transactions/", headers=headers)
    assert "/accounts/login/?next=/" in answer.content.decode()
    assert "elsewhere" not in answer.content.decode()


@pytest.mark.django_db
def test_the_administration_sends_people_to_the_identity_site(client: Client) -> None:
    answer = client.get("/admin/products/product/", headers={"host": "localhost"}, follow=False)
    assert answer.headers["Location"].startswith("/accounts/login/?next=/admin/")
