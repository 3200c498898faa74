"""What a notice says to the inventory site, and how it is handed over."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest

from identity_site.accounts.models import User
from identity_site.tokens import revocation
from identity_site.tokens.access_token import user_of
from identity_site.tokens.models import LogoutNotice
from tests.identity.inventory_door import deliver, make_due, open_door
from tests.identity.tokens import read

pytestmark = pytest.mark.django_db
SID = "5" * 32
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


def claims_of(token: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("logout+jwt", "RS256")
    return read(token)


def test_a_logout_token_is_no_access_token(vera: User) -> None:
    revocation.revoke_person(vera.pk)
    with open_door() as door:
        deliver(door)
    LogoutNotice.objects.all().delete()
    assert user_of(door.next_knock().token) is None


def test_a_notice_about_a_session_names_nobody() -> None:
    revocation.revoke_session(SID)
    with open_door() as door:
        deliver(door)
    claims = claims_of(door.next_knock().token)
    assert claims["sid"] == SID
    assert "sub" not in claims


def test_an_erasure_says_so(vera: User) -> None:
    revocation.announce_erasure(vera.pk)
    with open_door() as door:
        deliver(door)
    claims = claims_of(door.next_knock().token)
    assert claims["sub"] == str(vera.pk)
    assert set(claims["events"]) == {LOGOUT, "urn:techstock:event:erasure"}


def test_a_notice_about_a_person_says_who_and_since_when() -> None:
    person = uuid.uuid4()
    revocation.revoke_person(person)
    with open_door() as door:
        deliver(door)
    claims = claims_of(door.next_knock().token)
    assert set(claims) == {"iss", "aud", "iat", "exp", "jti", "sub", "events"}
    assert claims["sub"] == str(person)
    assert claims["exp"] == claims["iat"] + 120
    cut_off_at = LogoutNotice.objects.get().cut_off_at
    assert cut_off_at is not None
    assert claims["events"] == {LOGOUT: {"before": cut_off_at.timestamp()}}


def test_the_cut_off_stays_the_same_however_often_it_is_sent() -> None:
    revocation.revoke_person(uuid.uuid4())
    with open_door(503) as door:
        deliver(door)
        make_due()
        deliver(door)
    first, second = (claims_of(door.next_knock().token) for _number in range(2))
    assert first["events"] == second["events"]
    assert first["jti"] != second["jti"]


def test_the_site_is_spoken_to_as_the_proxy_would() -> None:
    revocation.revoke_session(SID)
    with open_door() as door:
        deliver(door)
    knock = door.next_knock()
    assert knock.path == "/internal/backchannel-logout/"
    assert knock.headers["host"] == "localhost:8080"
    assert knock.headers["x-forwarded-proto"] == "http"
    assert knock.headers["content-type"] == "application/x-www-form-urlencoded"


def test_the_site_may_be_at_a_unix_socket() -> None:
    revocation.revoke_session(SID)
    with tempfile.TemporaryDirectory() as folder:
        with open_door(socket=Path(folder) / "socket") as door:
            deliver(door)
        assert claims_of(door.next_knock().token)["sid"] == SID
