"""Claims that are wrong, missing or of a wrong shape, signed with the issuer's own key."""

from itertools import product
from typing import Any

from tests.forged.issuer import Issuer, Variants, compact

WRONG_TYPES: dict[str, Any] = {
    "null": None,
    "a number": 7,
    "true": True,
    "a list": ["x"],
    "a nested list": [["x"]],
    "an object": {"x": "y"},
}
TEXTS = ("iss", "aud", "sub", "client_id", "jti", "sid", "email", "name")
TIMES = ("exp", "iat", "nbf")


def odd_claims(issuer: Issuer) -> Variants:
    """Claims that are wrong, missing or of a wrong shape, signed with the issuer's own key."""
    good, now = issuer.claims, int(issuer.claims["iat"])
    for claim in (*TEXTS, *TIMES, "roles"):
        yield f"no {claim}", issuer.token(**{claim: ...})
    for claim, (name, value) in product(
        (*TEXTS, *TIMES, "scope", "auth_time"), WRONG_TYPES.items()
    ):
        if not (claim in {*TIMES, "auth_time"} and name == "a number"):
            yield f"{claim} is {name}", issuer.token(**{claim: value})
    for claim, name in product(
        (*TIMES, "auth_time"), ("text", "zero", "negative", "huge", "float")
    ):
        value = {
            "text": str(good["exp"]),
            "zero": 0,
            "negative": -now,
            "huge": 2**63,
            "float": 1e300,
        }
        yield f"{claim} is {name}", issuer.token(**{claim: value[name]})
    for claim in ("client_id", "jti", "sid", "email", "name", "scope"):
        for name, text in {"too long": "x" * 255, "with NUL": "a\0b", "half": "a\ud800"}.items():
            yield f"{claim} {name}", issuer.token(**{claim: text})
    for claim in ("client_id", "jti", "sid", "scope"):
        yield f"{claim} empty", issuer.token(**{claim: ""})
    iss, aud, sub = good["iss"], good["aud"], good["sub"]
    wrong: dict[str, list[Any]] = {
        "iss": ["", f"{iss}/", iss.upper(), iss[:-1], f"{iss}.evil.example", f" {iss}", [iss]],
        "aud": ["", "x", f"{aud} ", aud.upper(), aud[:-1], f"{aud}-2", "*", [aud], [aud, "x"], []],
        "sub": ["", "admin", sub.upper(), f"urn:uuid:{sub}", f"{{{sub}}}", sub.replace("-", "")],
        "roles": [
            [],
            ["root"],
            ["viewer", "admin"],
            ["admin", "admin"],
            "admin",
            "",
            None,
            3,
            True,
        ],
        "scope": [" ", " read", "read ", "read  move", "read\tmove", 'read"', "read\\", "l\u00ea"],
        "amr": ["pwd", None, 7, {"pwd": 1}, [7], [["pwd"]], [""], [None]],
        "exp": [now - 60, now - 11, now - 86_400, 1, now + 86_400, now + 10**9],
        "iat": [now + 600, now + 86_400, now - 86_400],
        "nbf": [now + 600, now + 86_400],
    }
    wrong["iss"] += [iss.replace("http", "ftp"), iss.replace("/accounts", ""), "null"]
    wrong["sub"] += [f"{sub}\n", f" {sub}", f"{sub}0", sub[:-1], [sub], f"{0:032x}"]
    wrong["sub"] += ["00000000-0000-0000-0000-000000000000", "g" + sub[1:], sub.replace("-", "_")]
    wrong["roles"] += [["ADMIN"], ["admin "], [["admin"]], {"admin": True}, [None], [{}], ["*"]]
    for claim, values in wrong.items():
        for value in values:
            yield f"{claim} {value!r}", issuer.token(**{claim: value})
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    yield "name is deep", issuer.token(name=deep)
    late = {"iat": now - 1000, "nbf": now - 1000, "exp": now - 100}
    yield "a whole life that is over", issuer.token(**late)
    event = {"http://schemas.openid.net/event/backchannel-logout": {"before": now}}
    logout = {name: good[name] for name in ("iss", "aud", "sub", "iat", "exp", "jti")}
    yield (
        "a logout token, said to be another",
        issuer.raw(compact(issuer.header), compact({**logout, "events": event})),
    )
