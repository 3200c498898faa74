"""Who may call what: every role, every route, every method, against one table."""

from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role
from tests.identity.conftest import BROWSER, make_person
from tests.routes import (
    ANY,
    IN,
    METHODS,
    NO_SUCH_METHOD,
    NOBODY,
    PUBLIC,
    Row,
    all_routes,
    expected,
    outcome,
)

pytestmark = pytest.mark.django_db

SIGNED_IN, ADMIN = Role.VIEWER, Role.ADMIN  # what somebody does here about themselves needs no role
ANYBODY: Row = {ANY: PUBLIC}
SOMEBODY: Row = {ANY: SIGNED_IN}
LOOK: Row = {"GET": PUBLIC}
OWN: Row = {"GET": SIGNED_IN, "POST": SIGNED_IN}
ADMIN_PAGE: Row = {ANY: ADMIN}  # Django's admin looks at the form, not at the method
ONLY_LOOKED_AT: Row = {"GET": ADMIN, "OPTIONS": ADMIN}

OURS: dict[str, Row] = {
    "": ANYBODY,  # a redirect to the profile
    "profile/": OWN,
    "preferences/": {"POST": PUBLIC},
    "sessions/": OWN,
    "tokens/": {"GET": SIGNED_IN, "HEAD": ""},  # which would take a new secret away unseen
    "tokens/new/": OWN,
    "tokens/<uuid:token_id>/revocation/": OWN,
    "invitations/<str:token>/": {"GET": PUBLIC, "POST": PUBLIC},
    ".well-known/jwks.json": LOOK,
    "internal/renewal/": LOOK,  # only the proxy gets there
    "healthz": LOOK,
    "readyz": LOOK,
    "api/v1/profile/": {"GET": SIGNED_IN, "PATCH": SIGNED_IN},
    "api/v1/access-tokens/": {ANY: NOBODY},  # for personal tokens alone
    "api/v1/schema/": LOOK,
    "api/v1/docs/": LOOK,
    "api/": ANYBODY,  # there is nothing else
    "admin/": ADMIN_PAGE,
    "admin/login/": {ANY: NOBODY},  # on to the sign-in page, or nowhere
    "admin/logout/": SOMEBODY,  # on to signing out, or to the door
    "admin/password_change/": ADMIN_PAGE,
    "admin/password_change/done/": ONLY_LOOKED_AT,
    "admin/autocomplete/": {"GET": NOBODY, "OPTIONS": ADMIN},  # without a field to complete
    "admin/jsi18n/": ONLY_LOOKED_AT,
    "admin/r/<path:content_type_id>/<path:object_id>/": ADMIN_PAGE,
    "admin/^(?P<app_label>accounts)/$": ADMIN_PAGE,
    "admin/(?P<url>.*)$": ADMIN_PAGE,
}
ADMIN_MODELS: dict[str, dict[str, Row]] = {
    "accounts/user": dict.fromkeys(("", "add/", "<path:object_id>/change/"), ADMIN_PAGE),
    "accounts/personchange": {"": ADMIN_PAGE},
}

# allauth looks at some methods before it asks who it is, and after that at others: whoever is told
# that there is no such method counts as let in.
ALLAUTHS: dict[str, Row] = {
    **dict.fromkeys(
        ("login/", "login/code/", "login/code/confirm/", "logout/", "signup/", "inactive/",
         "confirm-email/", "password/reset/", "password/reset/confirm/",
         "password/reset/complete/", "password/reset/done/", "2fa/authenticate/",
         "2fa/webauthn/login/"),
        ANYBODY,
    ),
    **dict.fromkeys(
        ("reauthenticate/", "email/", "password/change/", "password/set/", "2fa/",
         "2fa/reauthenticate/", "2fa/totp/activate/", "2fa/totp/deactivate/",
         "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/recovery-codes/download/",
         "2fa/webauthn/", "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/",
         "2fa/webauthn/keys/<int:pk>/remove/", "2fa/webauthn/keys/<int:pk>/edit/"),
        SOMEBODY,
    ),
}  # fmt: skip
PROGRAMS: dict[str, Row] = {
    **dict.fromkeys(
        ("config", "auth/login", "auth/signup", "auth/code/request", "auth/code/resend",
         "auth/code/confirm", "auth/password/request", "auth/password/reset", "auth/email/verify",
         "auth/email/verify/resend", "auth/webauthn/login", "tokens/refresh"),
        ANYBODY,
    ),
    **dict.fromkeys(
        ("auth/reauthenticate", "auth/2fa/reauthenticate", "auth/webauthn/reauthenticate",
         "auth/sessions", "account/password/change", "account/authenticators",
         "account/authenticators/totp", "account/authenticators/recovery-codes"),
        SOMEBODY,
    ),
    # Between the two steps of a sign-in, and only then.
    "auth/2fa/authenticate": {ANY: NOBODY},
    "auth/webauthn/authenticate": {ANY: NOBODY},
    # Who has just signed out is told with a 401 that they have.
    "auth/session": {"GET": SIGNED_IN, "DELETE": NOBODY, ANY: PUBLIC},
    # While signing up, the address may still be corrected.
    "account/email": {"POST": PUBLIC, ANY: SIGNED_IN},
    # A new key is begun only by those who have just proved who they are.
    "account/authenticators/webauthn": {"GET": NOBODY, ANY: SIGNED_IN},
}  # fmt: skip
MATRIX = {
    f"accounts/{path}": row
    for path, row in (
        *OURS.items(),
        *((f"admin/{model}/{page}", row)
          for model, rows in ADMIN_MODELS.items() for page, row in rows.items()),
        *ALLAUTHS.items(),
        *((f"_allauth/app/v1/{path}", row) for path, row in PROGRAMS.items()),
    )
}  # fmt: skip


@pytest.fixture
def sessions(db: None) -> dict[Role, str]:
    """The session of somebody of each role, and a second administrator, who is nobody's last."""
    keys: dict[Role, str] = {}
    for role in (*Role, Role.ADMIN):
        user = make_person(f"{role}{len(keys)}@example.com", f"The {role}", role)
        client = Client(headers=BROWSER)
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        keys[role] = str(client.session.session_key)
    return keys


def address(route: str) -> str:
    """Return a path of that route which leads to something where it can."""
    values = {
        "<path:content_type_id>": str(ContentType.objects.get_for_model(User).pk),
        "<path:object_id>": str(User.objects.get(role=Role.VIEWER).pk),
        "^(?P<app_label>accounts)/$": "accounts/",
        "(?P<url>.*)$": "nowhere-at-all/",
        "<str:token>": "none",
        "<uuid:token_id>": str(UUID(int=1)),
        "<int:pk>": "1",
    }
    for argument, value in values.items():
        route = route.replace(argument, value)
    return f"/{route}"


def ask(method: str, path: str, session: str | None) -> str:
    """Send one request, undo what it did, and return what came of it."""
    client = Client(headers=BROWSER)
    headers = {}
    if session and ("/_allauth/" in path or "/api/" in path):
        headers["X-Session-Token"] = session
    elif session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        found = outcome(client.generic(method, path, headers=headers))
        transaction.set_rollback(True)
    return found


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(all_routes()) == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
def test_each_role_gets_what_the_table_says(route: str, sessions: dict[Role, str]) -> None:
    path, row, wrong = address(route), MATRIX[route], {}
    is_allauths = row in (*ALLAUTHS.values(), *PROGRAMS.values())
    for who in (None, *Role):
        for method in METHODS:
            found = ask(method, path, sessions[who] if who else None)
            if is_allauths and found == NO_SUCH_METHOD:
                found = IN
            right = expected(row, method, who, list(Role))
            if found != right:
                wrong[who, method] = f"{found}, not {right}"
    assert not wrong
