"""The token that the identity site mints is the one that the inventory site takes."""

import time
from uuid import UUID

import httpx
import jwt
import pytest
from jwt import PyJWK

from tests.contract.conftest import Person, form_token
from tests.stack_fixture import Stack

ACCESS = "__Host-ts_at"
CLAIMS = {
    *("iss", "aud", "sub", "client_id", "iat", "nbf", "exp", "jti", "auth_time", "amr", "sid"),
    *("roles", "email", "name"),
}


def token_of(client: httpx.Client) -> str:
    return client.jar[ACCESS]  # type: ignore[attr-defined,no-any-return]


def test_the_claims_are_those_of_the_contract(stack: Stack, signed_in: Person) -> None:
    token = token_of(signed_in("operator"))
    published = httpx.get(f"{stack.origin}/accounts/.well-known/jwks.json").json()["keys"]
    assert all(not {"d", "p", "q", "dp", "dq", "qi"} & set(key) for key in published)
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"], set(header)) == ("RS256", "at+jwt", {"alg", "typ", "kid"})
    key = next(key for key in published if key["kid"] == header["kid"])
    claims = jwt.decode(
        token,
        PyJWK(key).key,
        algorithms=["RS256"],
        audience="techstock-inventory",
        issuer=f"{stack.origin}/accounts",
    )
    assert set(claims) == CLAIMS
    assert UUID(claims["sub"]).version
    assert claims["roles"] == ["operator"]
    assert 899 < claims["exp"] - claims["iat"] <= 900
    assert abs(time.time() - claims["iat"]) < 60


def test_the_cookie_is_for_this_host_alone_and_for_no_script(
    stack: Stack, signed_in: Person
) -> None:
    answer = signed_in("viewer").get("/accounts/login/")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(ACCESS))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/", "max-age=900"} <= attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)


@pytest.mark.parametrize(
    ("who", "moves", "manages"),
    [
        ("viewer", False, False),
        ("operator", True, False),
        ("manager", True, True),
        ("admin", True, True),
    ],
)
def test_each_role_may_do_what_it_includes_and_no_more(
    signed_in: Person, who: str, moves: bool, manages: bool
) -> None:
    client = signed_in(who)
    stock = client.get("/")
    assert stock.status_code == 200
    data = {"csrfmiddlewaretoken": form_token(stock), "kind": "receipt"}
    moved = client.post("/products/nowhere-at-all/transactions/new/", data=data)
    assert moved.status_code == (404 if moves else 403)  # let in, where there is no such product
    assert client.get("/products/new/").status_code == (200 if manages else 403)
    assert client.get("/imports/").status_code == (200 if manages else 403)
    entered = client.get("/admin/", follow_redirects=True)
    assert entered.status_code == (200 if manages else 403)


def test_people_are_administered_by_administrators_alone(signed_in: Person) -> None:
    entered = signed_in("admin").get("/accounts/admin/", follow_redirects=True)
    assert entered.status_code == 200
    refused = signed_in("manager").get("/accounts/admin/", follow_redirects=True)
    assert refused.status_code == 403


def test_signing_out_takes_the_cookie_away(signed_in: Person) -> None:
    client = signed_in("operator")
    page = client.get("/accounts/logout/")
    client.post("/accounts/logout/", data={"csrfmiddlewaretoken": form_token(page)})
    assert ACCESS not in client.jar  # type: ignore[attr-defined]
    answer = client.get("/")
    assert answer.headers["Location"] == "/accounts/login/?next=/"


def test_a_session_that_lives_gets_a_new_token_at_the_door_and_goes_on(
    signed_in: Person,
) -> None:
    client = signed_in("operator")
    del client.jar[ACCESS]  # type: ignore[attr-defined]
    refused = client.get("/transactions/")
    assert refused.headers["Location"] == "/accounts/login/?next=/transactions/"
    door = client.get(refused.headers["Location"])
    assert door.headers["Location"] == "/transactions/"
    assert client.get("/transactions/").status_code == 200


def test_language_and_theme_are_carried_to_both_sites(signed_in: Person) -> None:
    client = signed_in("viewer")  # whose language nobody else's test reads: it is remembered
    data = {"language": "pt-br", "theme": "dark", "next": "/transactions/"}
    answer = client.post(
        "/accounts/preferences/", data=data, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.headers["Location"] == "/transactions/"
    for address in ("/transactions/", "/accounts/profile/"):
        page = client.get(address).text
        assert '<html lang="pt-br" data-theme="dark">' in page
