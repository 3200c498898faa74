"""What the identity site sends when tokens are void."""

import os
import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from embedded import secret_values
from inventory_site.access.roles import Role
from tests.forged.issuer import Issuer
from tests.inventory.conftest import person

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
ERASURE = "urn:techstock:event:erasure"
OPERATOR = person(Role.OPERATOR)


def logout_issuer() -> Issuer:
    """Return the identity site, about to say that the operator's tokens are void."""
    key = os.environ["TEST_SIGNING_KEY"]
    kid = secret_values.public_keys(key)["keys"][0]["kid"]
    now = time.time()
    claims = {
        "iss": settings.TOKEN_ISSUER,
        "aud": settings.TOKEN_AUDIENCE,
        "sub": str(OPERATOR.id),
        "iat": now,
        "exp": int(now) + 120,
        "jti": uuid4().hex,
        "events": about(now),
    }
    return Issuer(key, kid, claims, typ="logout+jwt")


def about(before: Any, **more: Any) -> dict[str, Any]:
    return {LOGOUT: {"before": before}, **more}


def tell(token: str) -> HttpResponse:
    """Send a logout token as the identity site does: no cookie, no CSRF token."""
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    data = {"logout_token": token.encode().decode("latin-1")}
    answer: HttpResponse = client.post("/internal/backchannel-logout/", data)  # type: ignore[assignment]
    return answer


def is_refused(answer: HttpResponse) -> bool:
    is_json = answer.headers["Content-Type"] == "application/json"
    return (answer.status_code, is_json) == (400, True) and b"invalid_request" in answer.content
