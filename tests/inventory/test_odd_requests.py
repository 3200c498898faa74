"""Requests no browser sends: answered, never with a 500, and never half done."""

from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.products.models import Location, Product
from inventory_site.stock.models import StockLevel
from tests.inventory.conftest import receive

pytestmark = pytest.mark.django_db
ADDRESS = "/products/NB-LEN-T14/transactions/?location=A1-03&quantity=1"


def press(client: Client, **headers: str) -> int:
    key = {"Idempotency-Key": str(uuid4())}
    answer = client.post(ADDRESS, {"kind": "receipt"}, headers=key | headers)
    return int(answer.status_code)


@pytest.mark.parametrize(
    "address",
    [
        "/?q=%00",
        "/products/a%00b/",
        "/admin/stock/stocktransaction/?kind__exact=%00",
        "/admin/autocomplete/?app_label=products&model_name=product&field_name=category&term=%00",
    ],
)
def test_an_address_with_a_nul_is_not_understood(manager: Client, address: str) -> None:
    answer = manager.get(address)
    assert answer.status_code == 400
    assert "That request could not be understood" in answer.content.decode()


@pytest.mark.parametrize("address", ["http://[", "", "::", "javascript:alert(1)", "\t"])
def test_a_page_that_is_no_page_does_not_spoil_a_movement(
    operator: Client, client: Client, laptop: Product, shelf: Location, address: str
) -> None:
    receive(laptop, shelf, 1)
    headers = {"HX-Request": "true", "HX-Current-URL": address}
    assert press(operator, **headers) == 200
    assert StockLevel.objects.get().on_hand == 2
    stranger = client.get("/", headers={"host": "localhost"} | headers)
    assert stranger.headers["HX-Redirect"].startswith("/accounts/login/?next=")
    assert (
        client.post(ADDRESS, headers={"host": "localhost", "referer": address}).status_code == 401
    )


@pytest.mark.parametrize("way", ["foo", "stock", "profile", "javascript:alert(1)", "?q=1"])
def test_a_way_back_that_is_no_path_leads_to_the_stock(
    operator: Client, laptop: Product, shelf: Location, way: str
) -> None:
    data = {"kind": "receipt", "idempotency_key": str(uuid4()), "next": way}
    assert operator.post(ADDRESS, data).headers["Location"] == "/"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(operator: Client, laptop: Product, method: str) -> None:
    for address in ("/", "/transactions/", ADDRESS):
        assert getattr(operator, method)(address).status_code == 405


def test_head_answers_like_get(operator: Client, laptop: Product) -> None:
    for address in ("/", "/transactions/", "/products/NB-LEN-T14/", "/reports/stock/"):
        assert operator.head(address).status_code == 200


def test_what_is_made_for_somebody_is_kept_by_no_cache(operator: Client, laptop: Product) -> None:
    for address in ("/", "/transactions/", "/products/NB-LEN-T14/", "/products/new/", "/imports/"):
        assert "no-store" in operator.get(address).headers["Cache-Control"]


def test_the_password_lives_on_the_identity_site(manager: Client) -> None:
    for answer in (manager.get("/admin/password_change/"), manager.post("/admin/password_change/")):
        assert answer.headers["Location"] == "/accounts/password/change/"


def test_every_form_on_a_page_has_a_key_of_its_own(
    operator: Client, laptop: Product, shelf: Location
) -> None:
    for _ in range(3):
        receive(laptop, shelf, 1)
    page = operator.get("/transactions/").content.decode()
    keys = [part.split('"')[0] for part in page.split('name="idempotency_key" value="')[1:]]
    assert len(keys) == 4
    assert len(set(keys)) == 4
