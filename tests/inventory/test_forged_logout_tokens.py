"""Logout tokens that nobody should believe: the battery, and what is wrong with their claims."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from inventory_site.access.models import CutOff
from inventory_site.access.roles import Role
from tests.forged import forgeries
from tests.forged.issuer import Issuer
from tests.inventory.conftest import claims_of, signed
from tests.inventory.logout import ERASURE, LOGOUT, about, is_refused, logout_issuer, tell

pytestmark = pytest.mark.django_db


def odd_logout_tokens(issuer: Issuer) -> dict[str, str]:
    now = time.time()
    events: dict[str, Any] = {
        "null": None,
        "a list": [LOGOUT],
        "a text": LOGOUT,
        "empty": {},
        "true": True,
        "another": {"http://schemas.openid.net/event/other": {"before": now}},
        "of erasure alone": {ERASURE: {}},
        "of no shape": {LOGOUT: []},
        "without a time": {LOGOUT: {}},
        "an erasure of no shape": about(now, **{ERASURE: True}),
    }
    times: dict[str, Any] = {
        "null": None,
        "text": str(now),
        "true": True,
        "zero": 0,
        "negative": -1.5,
    }
    times |= {"in an hour": now + 3600, "huge": 1e300, "a list": [now]}
    for name, before in times.items():
        events[f"before {name}"] = about(before)
    tokens = {f"events {name}": issuer.token(events=value) for name, value in events.items()}
    for claim in ("iss", "aud", "iat", "exp", "jti", "events", "sub"):
        tokens[f"no {claim}"] = issuer.token(**{claim: ...})
    changes: dict[str, dict[str, Any]] = {
        "an erasure of a session": {"sub": ..., "sid": "x", "events": about(now, **{ERASURE: {}})},
        "a nonce": {"nonce": "x"},
        "a null nonce": {"nonce": None},
        "sub no UUID": {"sub": "operator"},
        "sub of the system": {"sub": "00000000-0000-0000-0000-000000000000"},
        "sub null beside sid": {"sub": None, "sid": "x"},
        "sid a number": {"sub": ..., "sid": 7},
        "sid empty": {"sub": ..., "sid": ""},
        "sid too long": {"sid": "x" * 255},
        "sid with NUL": {"sid": "\0"},
        "foreign issuer": {"iss": "https://elsewhere.example/accounts"},
        "foreign audience": {"aud": "somebody-else"},
        "many audiences": {"aud": [settings.TOKEN_AUDIENCE]},
        "expired": {"iat": now - 200, "exp": int(now) - 80},
        "of tomorrow": {"iat": now + 86_400, "exp": int(now) + 86_500},
        "too long a life": {"exp": int(now) + 86_400},
    }
    tokens |= {name: issuer.token(**change) for name, change in changes.items()}
    return tokens | {"an access token": signed(claims_of(Role.OPERATOR)), "nothing": ""}


def test_no_forged_or_odd_one_changes_anything(
    figure: Callable[[str], None],
) -> None:
    issuer = logout_issuer()
    tokens = forgeries(issuer) | odd_logout_tokens(issuer)
    answers = {name: tell(token) for name, token in tokens.items()}
    odd = {name: a.status_code for name, a in answers.items() if not is_refused(a)}
    figure(f"forged and odd logout tokens: {len(answers)} variants, {len(odd)} not refused")
    assert not odd
    assert not CutOff.objects.exists()
