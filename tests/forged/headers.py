"""Headers as the issuer never writes them, signed with its own key."""

import zlib
from typing import Any

from tests.forged.claims import WRONG_TYPES
from tests.forged.issuer import Issuer, Variants, base64url, compact


def odd_headers(issuer: Issuer) -> Variants:
    """Headers as the issuer never writes them, signed with its own key."""
    kid = issuer.kid
    kids = {
        "unknown": "nobody",
        "empty": "",
        "a space": " ",
        "long": "k" * 255,
        "very long": "k" * 2500,
        "a path": "../../../../../../dev/null",
        "an absolute path": "/dev/null",
        "a file": "file:///etc/passwd",
        "a URL": "http://127.0.0.1:9/keys.json",
        "SQL": "x' OR '1'='1",
        "SQL with a union": "x' UNION SELECT 'AA==' --",
        "SQL to destroy": "'; DROP TABLE access_person; --",
        "a command": "x; curl http://127.0.0.1:9",
        "a template": "${jndi:ldap://127.0.0.1:9/x}",
        "NUL": "\0",
        "right but for NUL": f"{kid}\0",
        "right but for a newline": f"{kid}\n",
        "right but for a space": f" {kid}",
        "right but for its case": kid.swapcase(),
        "cut": kid[:-1],
        "twice": kid * 2,
        "half a character": "\ud800",
        "not ASCII": "chave-\u00e9",
    }
    for name, value in kids.items():
        yield f"kid {name}", issuer.token({"kid": value})
    for name, wrong in {**WRONG_TYPES, "missing": ..., "a list of it": [kid]}.items():
        yield f"kid is {name}", issuer.token({"kid": wrong})
    typ = issuer.typ
    others = {"at+jwt", "logout+jwt", "JWT", "jwt", "id_token", "secevent+jwt", "rt+jwt", ""} - {
        typ
    }
    odd = {f"application/{typ}", typ.upper(), typ.capitalize(), f"{typ} ", typ.replace("+", " ")}
    for word in sorted(others | odd):
        yield f"typ {word!r}", issuer.token({"typ": word})
    for name, wrong in {**WRONG_TYPES, "missing": ..., "a list of it": [typ]}.items():
        yield f"typ is {name}", issuer.token({"typ": wrong})
    for alg in ("rs256", "RS256 ", "RS384", "RSA256", "SHA256withRSA", "1.2.840.113549.1.1.11"):
        yield f"alg {alg!r} over RS256", issuer.token({"alg": alg})
    more: dict[str, Any] = {
        "crit exp": {"crit": ["exp"]},
        "crit b64": {"crit": ["b64"], "b64": True},
        "crit empty": {"crit": []},
        "crit unknown": {"crit": ["x"], "x": 1},
        "cty": {"cty": "JWT"},
        "cty nothing": {"cty": ""},
        "enc": {"enc": "A256GCM"},
        "nonce": {"nonce": "x"},
        "url": {"url": "http://127.0.0.1:9"},
        "iss": {"iss": issuer.claims["iss"]},
        "p2c": {"p2c": 10**9, "p2s": "x"},
        "epk": {"epk": {"kty": "EC"}},
        "__proto__": {"__proto__": {"alg": "none"}},
        "Alg": {"Alg": "none"},
    }
    for name, members in more.items():
        yield f"header with {name}", issuer.token(members)
    payload = compact(issuer.claims)
    unencoded: dict[str, dict[str, Any]] = {
        "b64": {"b64": False},
        "b64 and crit": {"b64": False, "crit": ["b64"]},
    }
    for name, how in unencoded.items():
        head = base64url(compact({**issuer.header, **how}))
        yield f"payload in the open, {name}", issuer.parts(head, payload.decode())
        yield f"payload encoded, {name}", issuer.token(how)
    packed = zlib.compress(payload)[2:-4]
    yield "zip", issuer.raw(compact({**issuer.header, "zip": "DEF"}), packed)
    yield "zip that is not", issuer.token({"zip": "DEF"})
    nested = compact({**issuer.header, "cty": "JWT"})
    yield "a token in a token", issuer.raw(nested, issuer.good.encode())
    yield "a token in a token, unsaid", issuer.raw(compact(issuer.header), issuer.good.encode())
