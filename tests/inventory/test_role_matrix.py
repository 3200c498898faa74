"""Who may call what: every role, every route, every method, against one table."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from inventory_site.access.roles import Role
from inventory_site.imports.models import Import
from inventory_site.notices.delivery import send_test
from inventory_site.products.models import Category, Location, Manufacturer, Product, Supplier
from inventory_site.stock import approvals, ledger, reservations
from inventory_site.stock.kinds import BatchKind, Kind
from inventory_site.stock.ledger import Movement
from inventory_site.stock.models import StockLevel
from inventory_site.stock.verification import verify
from tests.inventory.conftest import person, receive
from tests.inventory.counting import opened
from tests.inventory.receiver import webhook_to
from tests.routes import ANY, METHODS, NOBODY, PUBLIC, Row, all_routes, expected, outcome

pytestmark = pytest.mark.django_db

VIEWER, OPERATOR, MANAGER, ADMIN = Role
LOOK: Row = {"GET": VIEWER}
MANAGED: Row = {"GET": MANAGER, "POST": MANAGER}
MANAGED_LIST: Row = {"GET": VIEWER, "POST": MANAGER}
MANAGED_THING: Row = {"GET": VIEWER, "PUT": MANAGER, "PATCH": MANAGER, "DELETE": MANAGER}
ADMIN_PAGE: Row = {ANY: MANAGER}  # Django's admin looks at the form, not at the method

TABLE: dict[str, Row] = {
    "": LOOK,
    "products/": {ANY: VIEWER},  # a redirect to the stock
    "products/new/": MANAGED,
    "products/<code:sku>/": LOOK,
    "products/<code:sku>/edit/": MANAGED,
    "products/<code:sku>/reorder-points/": MANAGED,
    "products/<code:sku>/transactions/": {"GET": VIEWER, "POST": OPERATOR},
    "products/<code:sku>/transactions/new/": {"GET": OPERATOR, "POST": OPERATOR},
    "transactions/": LOOK,
    "transactions/<int:pk>/": LOOK,
    "transactions/<int:pk>/reversal/": {"POST": OPERATOR},
    "reservations/": LOOK,
    "reservations/new/": {"GET": OPERATOR, "POST": OPERATOR},
    "reservations/<int:reservation>/": LOOK,
    "reservations/<int:reservation>/transactions/": {"GET": OPERATOR, "POST": OPERATOR},
    "reservations/<int:reservation>/release/": {"POST": OPERATOR},
    "approvals/": LOOK,
    "approvals/<int:approval>/": LOOK,
    "approvals/<int:approval>/approval/": {"POST": MANAGER},
    # Who asked for it, and managers.
    "approvals/<int:approval>/refusal/": {"GET": OPERATOR, "POST": OPERATOR},
    "proofs/": {"GET": VIEWER, "POST": MANAGER},
    "proofs/statement/": LOOK,
    "reports/stock/": LOOK,
    "reports/movements/": LOOK,
    "reports/valuation/": LOOK,
    "counts/": LOOK,
    "counts/new/": MANAGED,
    "counts/<int:count>/": {"GET": VIEWER, "POST": OPERATOR},
    "counts/<int:count>/scan/": {"GET": OPERATOR, "POST": OPERATOR},
    "counts/<int:count>/sheet/": {"GET": OPERATOR},
    "counts/<int:count>/posting/": MANAGED,
    "counts/<int:count>/cancellation/": MANAGED,
    "reports/reorder/": LOOK,
    "imports/": MANAGED,
    "imports/<uuid:pk>/": MANAGED,
    "imports/<uuid:pk>/columns/": MANAGED,
    "imports/<uuid:pk>/report.csv": {"GET": MANAGER},
    "exports/<slug:kind>.csv": {"GET": MANAGER},
    "batches/": LOOK,
    "batches/new/": {"GET": OPERATOR, "POST": OPERATOR},
    "batches/<int:batch>/": LOOK,
    "batches/<int:batch>/reversal/": {"GET": OPERATOR, "POST": OPERATOR},
    "receipts/new/": {"GET": OPERATOR, "POST": OPERATOR},
    "webhooks/": {"GET": MANAGER},
    "webhooks/new/": MANAGED,
    "webhooks/<int:webhook>/": {"GET": MANAGER},
    "webhooks/<int:webhook>/edit/": MANAGED,
    "webhooks/<int:webhook>/secret/": MANAGED,
    "webhooks/<int:webhook>/removal/": MANAGED,
    "webhooks/<int:webhook>/tests/": {"POST": MANAGER},
    "webhooks/deliveries/<uuid:delivery_id>/repetition/": {"POST": MANAGER},
    "api/v1/categories/": MANAGED_LIST,
    "api/v1/categories/<int:category>/": MANAGED_THING,
    "api/v1/manufacturers/": MANAGED_LIST,
    "api/v1/manufacturers/<int:manufacturer>/": MANAGED_THING,
    "api/v1/products/": MANAGED_LIST,
    "api/v1/products/<code:sku>/": MANAGED_THING,
    "api/v1/locations/": MANAGED_LIST,
    "api/v1/locations/<code:code>/": MANAGED_THING,
    "api/v1/products/summary/": LOOK,
    "api/v1/products/<code:sku>/reorder-points/": MANAGED_LIST,
    "api/v1/stock-levels/": LOOK,
    "api/v1/transactions/": {"GET": VIEWER, "POST": OPERATOR},
    "api/v1/transactions/<int:pk>/": LOOK,
    "api/v1/transactions/<int:pk>/reversal/": {"POST": OPERATOR},
    "api/v1/products/<code:sku>/transactions/": {"GET": VIEWER, "POST": OPERATOR},
    "api/v1/batches/": {"GET": VIEWER, "POST": OPERATOR},
    "api/v1/batches/<int:batch>/": LOOK,
    "api/v1/batches/<int:batch>/reversal/": {"POST": OPERATOR},
    "api/v1/reservations/": {"GET": VIEWER, "POST": OPERATOR},
    "api/v1/reservations/<int:reservation>/": LOOK,
    "api/v1/reservations/<int:reservation>/issue/": {"POST": OPERATOR},
    "api/v1/reservations/<int:reservation>/release/": {"POST": OPERATOR},
    "api/v1/approvals/": LOOK,
    "api/v1/approvals/<int:approval>/": LOOK,
    "api/v1/approvals/<int:approval>/approval/": {"POST": MANAGER},
    "api/v1/approvals/<int:approval>/refusal/": {"POST": OPERATOR},
    "api/v1/suppliers/": MANAGED_LIST,
    "api/v1/suppliers/<int:supplier>/": MANAGED_THING,
    "api/v1/counts/": MANAGED_LIST,
    "api/v1/counts/<int:count>/": LOOK,
    "api/v1/counts/<int:count>/lines/": LOOK,
    "api/v1/counts/<int:count>/entries/": {"POST": OPERATOR},
    "api/v1/counts/<int:count>/scans/": {"POST": OPERATOR},
    "api/v1/counts/<int:count>/posting/": MANAGED,
    "api/v1/counts/<int:count>/cancellation/": {"POST": MANAGER},
    "api/v1/webhooks/": MANAGED,
    "api/v1/webhooks/<int:webhook>/": dict.fromkeys(("GET", "PUT", "PATCH", "DELETE"), MANAGER),
    "api/v1/webhooks/<int:webhook>/secret/": {"POST": MANAGER},
    "api/v1/webhooks/<int:webhook>/test/": {"POST": MANAGER},
    "api/v1/webhooks/<int:webhook>/deliveries/": {"GET": MANAGER},
    "api/v1/webhooks/<int:webhook>/deliveries/<uuid:delivery>/": {"GET": MANAGER},
    "api/v1/webhooks/<int:webhook>/deliveries/<uuid:delivery>/replay/": {"POST": MANAGER},
    "api/v1/reports/stock/": LOOK,
    "api/v1/reports/movements/": LOOK,
    "api/v1/reports/valuation/": LOOK,
    "api/v1/reports/reorder/": LOOK,
    "api/v1/reports/proofs/": LOOK,
    "api/v1/reports/proofs/standing/": LOOK,
    "api/v1/schema/": {"GET": PUBLIC},
    "api/v1/docs/": {"GET": PUBLIC},
    "api/": {ANY: PUBLIC},  # there is nothing: a 404 for everybody
    "internal/backchannel-logout/": {"POST": PUBLIC},  # proves itself by a signature
    "admin/login/": {ANY: NOBODY},  # on to the sign-in page, or nowhere
    "admin/logout/": {ANY: PUBLIC},
    "admin/password_change/": {ANY: VIEWER},
    "admin/": ADMIN_PAGE,
    "admin/password_change/done/": {"GET": MANAGER, "OPTIONS": MANAGER},
    "admin/autocomplete/": {"GET": NOBODY, "OPTIONS": MANAGER},  # without a field to complete
    "admin/jsi18n/": {"GET": MANAGER, "OPTIONS": MANAGER},
    "admin/r/<path:content_type_id>/<path:object_id>/": ADMIN_PAGE,
    "admin/^(?P<app_label>products|stock|auth)/$": ADMIN_PAGE,
    "admin/(?P<url>.*)$": ADMIN_PAGE,
    "healthz": {ANY: PUBLIC},
    "readyz": {ANY: PUBLIC},
}
EDITED: dict[str, Row] = dict.fromkeys(
    ("", "add/", "<path:object_id>/history/", "<path:object_id>/delete/",
     "<path:object_id>/change/", "<path:object_id>/"), ADMIN_PAGE
)  # fmt: skip
NOT_HERE: dict[str, Row] = {page: {ANY: NOBODY} for page in EDITED} | {
    "<path:object_id>/history/": ADMIN_PAGE,  # there is none to show
    "<path:object_id>/": ADMIN_PAGE,  # on to the change page, which refuses
}
LOOKED_AT: dict[str, Row] = EDITED | {
    "add/": {ANY: NOBODY},
    "<path:object_id>/delete/": {ANY: NOBODY},
    "<path:object_id>/change/": {"POST": NOBODY, ANY: MANAGER},
}
ADMIN_MODELS: dict[str, dict[str, Row]] = {
    "products/category": EDITED,
    "products/manufacturer": EDITED,
    "products/location": EDITED,
    "products/reorderpoint": EDITED,
    "products/supplier": EDITED,
    "products/product": EDITED,
    "stock/reason": EDITED,
    "stock/stocklevel": LOOKED_AT,
    "stock/stocktransaction": LOOKED_AT,
    "stock/verification": LOOKED_AT,
    "auth/group": NOT_HERE,  # roles come with the token
}
MATRIX = TABLE | {
    f"admin/{model}/{page}": row
    for model, rows in ADMIN_MODELS.items()
    for page, row in rows.items()
}


@pytest.fixture
def things(laptop: Product, shelf: Location) -> dict[str, object]:
    """One of everything, by the name of the route's argument or of the admin's model."""
    transaction = receive(laptop, shelf, 5)
    category = Category.objects.create(name="Laptops")
    manufacturer = Manufacturer.objects.create(name="Lenovo")
    mina = person(Role.MANAGER)
    mina.remember()
    uploaded = Import.objects.create(person_id=mina.pk, filename="p.csv", size=0, kind="products")
    moves = [Movement(product_id=laptop.pk, location_id=shelf.pk, kind=Kind.RECEIPT, quantity=1)]
    batch = ledger.record_batch(BatchKind.BULK, moves, actor=mina, key=uuid4())
    held = reservations.reserve(
        product_id=laptop.pk,
        location_id=shelf.pk,
        quantity=1,
        recipient="Ana",
        until=date.max,
        actor=mina,
        key=uuid4(),
    )
    gone = Movement(
        product_id=laptop.pk,
        location_id=shelf.pk,
        kind=Kind.ADJUSTMENT,
        quantity=101,
        reason="Found",
    )
    asked = approvals.record_or_request(gone, actor=person(Role.OPERATOR), key=uuid4())
    webhook, _secret = webhook_to("https://hook.example/")
    return {
        "<code:sku>": laptop.sku,
        "<code:code>": shelf.code,
        "<int:category>": category.pk,
        "<int:manufacturer>": manufacturer.pk,
        "<int:pk>": transaction.pk,
        "<int:count>": opened().pk,
        "<uuid:pk>": uploaded.pk,
        "<slug:kind>": "products",
        "<int:batch>": batch.pk,
        "<int:reservation>": held.pk,
        "<int:approval>": asked.pk,
        "<int:webhook>": webhook.pk,
        "<int:supplier>": Supplier.objects.create(name="Bechtle").pk,
        "<uuid:delivery_id>": send_test(webhook).pk,
        "<uuid:delivery>": send_test(webhook).pk,
        "<path:content_type_id>": 1,
        "^(?P<app_label>products|stock|auth)/$": "products/",
        "(?P<url>.*)$": "nowhere-at-all/",
        "products/category": category.pk,
        "products/manufacturer": manufacturer.pk,
        "products/location": shelf.pk,
        "products/product": laptop.pk,
        "stock/stocklevel": StockLevel.objects.get().pk,
        "stock/stocktransaction": transaction.pk,
        "stock/verification": verify().pk,
    }


def address(route: str, things: dict[str, object]) -> str:
    model = "/".join(route.split("/")[1:3])
    path = route.replace("<path:object_id>", str(things.get(model, 1)))
    for argument in things.keys() - ADMIN_MODELS.keys():
        path = path.replace(argument, str(things[argument]))
    return f"/{path}"


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(all_routes()) == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
def test_each_role_gets_what_the_table_says(
    route: str, things: dict[str, object], client_as: Callable[[Role], Client]
) -> None:
    path = address(route, things)
    clients: dict[str | None, Client] = {None: Client(HTTP_HOST="localhost")}
    clients |= {role: client_as(role) for role in Role}
    wrong = {}
    for who, client in clients.items():
        for method in METHODS:
            found = outcome(client.generic(method, path))
            right = expected(MATRIX[route], method, who, list(Role))
            if found not in right:
                wrong[who, method] = f"{found}, not {right}"
    assert not wrong
