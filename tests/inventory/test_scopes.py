"""A token's scope: never more than its role, and less where it says so."""

import pytest
from django.test import Client

from inventory_site.access.roles import PERMISSIONS, Permission, Role
from inventory_site.access.tokens import person_of
from inventory_site.products.models import Location, Product
from tests.inventory.conftest import claims_of, receive, signed

pytestmark = pytest.mark.django_db
READ, MOVE, MANAGE = Permission


def scoped(role: Role, scope: str) -> str:
    return signed(claims_of(role, scope=scope))


def program(role: Role, scope: str) -> Client:
    return Client(HTTP_HOST="localhost", headers={"authorization": f"Bearer {scoped(role, scope)}"})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        ("read", {READ}),
        ("read move", {READ, MOVE}),
        ("manage read", {READ, MANAGE}),
        ("read move manage", {READ, MOVE, MANAGE}),
        ("move", {MOVE}),
        ("READ Move", set()),
        ("openid read:all offline_access", set()),
        ("openid read read x", {READ}),
    ],
)
def test_rights_are_what_role_and_scope_have_in_common(
    role: Role, scope: str, asked: set[Permission]
) -> None:
    person = person_of(scoped(role, scope))
    rights = {permission for permission in Permission if person.may(permission)}
    assert rights == PERMISSIONS[role] & asked
    assert (person.can_move, person.can_manage) == (MOVE in rights, MANAGE in rights)
    assert person.is_staff is person.has_perm("products.change_product") is (MANAGE in rights)
    assert person.has_module_perms("products") is (MANAGE in rights)
    assert person.can_administer is (role is Role.ADMIN and MANAGE in rights)


@pytest.mark.parametrize("role", Role)
def test_without_a_scope_a_token_may_what_its_role_may(role: Role) -> None:
    person = person_of(signed(claims_of(role)))
    assert {right for right in Permission if person.may(right)} == PERMISSIONS[role]


@pytest.mark.parametrize("scope", ["move manage", "manage", "openid"])
@pytest.mark.parametrize(
    "address", ["/", "/transactions/", "/products/", "/products/new/", "/admin/", "/reports/stock/"]
)
def test_a_token_that_is_not_for_reading_sees_nothing(scope: str, address: str) -> None:
    assert program(Role.ADMIN, scope).get(address).status_code == 403


def test_nor_does_it_write_for_an_answer_would_tell(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    data = {"kind": "receipt", "quantity": "1", "location": shelf.code}
    address = f"/products/{laptop.sku}/transactions/"
    assert program(Role.ADMIN, "move").post(address, data).status_code == 403
    assert program(Role.ADMIN, "manage").post("/products/new/", {}).status_code == 403


def test_a_token_for_reading_writes_nothing(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    client = program(Role.ADMIN, "read")
    assert client.get(laptop.get_absolute_url()).status_code == 200
    assert client.post(f"/products/{laptop.sku}/transactions/", {}).status_code == 403
    assert client.post("/products/new/", {}).status_code == 403
    assert client.get("/imports/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_page_offers_only_what_the_scope_allows(laptop: Product, shelf: Location) -> None:
    receive(laptop, shelf, 5)
    page = program(Role.ADMIN, "read").get("/").content.decode()
    assert "Quick actions" not in page
    assert "New product" not in page
    assert "/accounts/admin/" not in page
    assert "Quick actions" in program(Role.ADMIN, "read move").get("/").content.decode()


def test_alive_and_ready_need_no_scope() -> None:
    assert program(Role.VIEWER, "openid").get("/healthz").status_code == 200
