"""What the issuer's own texts become on the way: other JSON, damage, sizes nobody needs."""

from base64 import b64encode, urlsafe_b64decode
from typing import Any

from tests.forged.issuer import Issuer, Variants, base64url, compact


def nonsense(issuer: Issuer) -> Variants:
    five = base64url(compact({"alg": "RSA-OAEP", "enc": "A256GCM"}))
    yield from {
        "words": "not a token",
        "one dot": ".",
        "two dots": "..",
        "a thousand dots": "." * 1000,
        "five parts, as if encrypted": f"{five}.{'.'.join(['QUFB'] * 4)}",
        "five parts around a good token": f"{issuer.good}.QUFB.QUFB",
        "plain JSON": compact(issuer.claims).decode().replace(";", ""),
        "somebody's id": str(issuer.claims["sub"]),
        "the key's name": issuer.kid,
        "null": "null",
        "undefined": "undefined",
    }.items()


def odd_json(issuer: Issuer) -> Variants:
    """Headers and payloads that readers might read differently, or not at all; well signed."""
    header, payload = compact(issuer.header), compact(issuer.claims)
    twice = {
        "alg": b'{"alg":"none",' + header[1:],
        "kid": b'{"kid":"x",' + header[1:],
        "typ": header[:-1] + b',"typ":"%b"}' % issuer.typ.encode(),
    }
    for name, text in twice.items():
        yield f"header with {name} twice", issuer.raw(text, payload)
    for name in ("sub", "roles", "exp", "aud", "iss", "scope", "jti"):
        value = compact(issuer.claims.get(name, "read"))
        again = payload[:-1] + b',"%b":%b,"%b":%b}' % (name.encode(), value, name.encode(), value)
        yield f"{name} twice", issuer.raw(header, again)
    escaped = b',"s\\u0075b":%b}' % compact(issuer.claims["sub"])
    yield "sub twice, once in escapes", issuer.raw(header, payload[:-1] + escaped)
    exp = b'"exp":%d' % issuer.claims["exp"]
    for name in ("Infinity", "-Infinity", "NaN", "1e999", "-1e999", "9" * 1500, "1e", "0x7fffffff"):
        text = payload.replace(exp, b'"exp":' + name.encode())
        yield f"exp {name[:20]}", issuer.raw(header, text)
    for name in ("Infinity", "NaN", "-1e999"):
        iat = b'"iat":' + compact(issuer.claims["iat"])
        yield f"iat {name}", issuer.raw(header, payload.replace(iat, b'"iat":' + name.encode()))
    for part, good in (("header", header), ("payload", payload)):
        texts = {
            "empty": b"",
            "null": b"null",
            "a number": b"7",
            "a text": b'"x"',
            "an empty list": b"[]",
            "a list of it": b"[" + good + b"]",
            "an empty object": b"{}",
            "no JSON": b"alg=RS256",
            "cut": good[:-1],
            "with more after it": good + b"{}",
            "with a comma too many": good[:-1] + b",}",
            "in single quotes": good.replace(b'"', b"'"),
            "with a comment": b"/**/" + good,
            "with a BOM": b"\xef\xbb\xbf" + good,
            "in UTF-16": good.decode().encode("utf-16-le"),
            "in UTF-16 with a BOM": good.decode().encode("utf-16"),
            "in no encoding": good[:-1] + b',"x":"\xff\xfe"}',
            "deep": b'{"alg":' + b"[" * 1000 + b"]" * 1000 + b"}",
            "deep and open": b"[" * 2000,
            "binary": bytes(range(256)),
        }
        for name, text in texts.items():
            both = (text, payload) if part == "header" else (header, text)
            yield f"{part} {name}", issuer.raw(*both)


def damaged(issuer: Issuer) -> Variants:
    """The good token, changed after it was signed."""
    token = issuer.good
    head, body, signature = token.split(".")
    other = issuer.token(jti="another").split(".")
    changes: dict[str, Any] = {
        "roles": ["admin"],
        "sub": "11111111-1111-4111-8111-111111111111",
        "exp": issuer.claims["exp"] + 1,
        "name": "Mallory",
    }
    for claim, value in changes.items():
        forged = base64url(compact({**issuer.claims, claim: value}))
        yield f"{claim} changed after signing", f"{head}.{forged}.{signature}"
    signed = urlsafe_b64decode(signature + "==")
    flipped = bytes([signed[0] ^ 1]) + signed[1:]
    last = signed[:-1] + bytes([signed[-1] ^ 1])
    odd = {
        "no signature": f"{head}.{body}.",
        "no signature nor dot": f"{head}.{body}",
        "no payload": f"{head}..{signature}",
        "no header": f".{body}.{signature}",
        "the signature alone": f"..{signature}",
        "parts in another order": f"{body}.{head}.{signature}",
        "another's signature": f"{head}.{body}.{other[2]}",
        "another's payload": f"{head}.{other[1]}.{signature}",
        "the first bit flipped": f"{head}.{body}.{base64url(flipped)}",
        "the last bit flipped": f"{head}.{body}.{base64url(last)}",
        "a signature of zeros": f"{head}.{body}.{base64url(bytes(len(signed)))}",
        "a signature of ones": f"{head}.{body}.{base64url(bytes([255]) * len(signed))}",
        "a signature of one": f"{head}.{body}.{base64url(bytes(len(signed) - 1) + bytes([1]))}",
        "a longer signature": f"{head}.{body}.{base64url(bytes(1) + signed)}",
        "the signature of the payload": f"{head}.{body}.{issuer.parts('', body).rsplit('.', 1)[1]}",
        "the signature twice": f"{head}.{body}.{signature}{signature}",
        "a fourth part": f"{token}.{signature}",
        "a letter more": f"{token}A",
        "four letters more": f"{token}AAAA",
        "upper case": token.upper(),
        "lower case": token.lower(),
        "backwards": token[::-1],
        "twice": token + token,
        "twice, with a comma": f"{token},{token}",
        "percent-encoded": token.replace(".", "%2E"),
        "a space inside": f"{head}.{body}. {signature}",
        "a space in the signature": f"{head}.{body}.{signature[:9]} {signature[9:]}",
        "a newline in the signature": f"{head}.{body}.{signature[:9]}\n{signature[9:]}",
        "a tab in the payload": f"{head}.{body[:9]}\t{body[9:]}.{signature}",
        "NUL in the signature": f"{head}.{body}.{signature[:9]}\0{signature[9:]}",
        "NUL after it": f"{token}\0x",
        "an equals sign after it": f"{token}=",
        "padding of nothing": f"{token}====",
        "an umlaut after it": f"{token}\u00fc",
        "a letter that looks alike": token.replace("e", "\u0435", 1),
        "a wide dot": token.replace(".", "\uff0e", 1),
        "no width between": f"{head}.\u200b{body}.{signature}",
        "a right-to-left mark": f"\u202e{token}",
    }
    yield from odd.items()
    for percent in (1, 5, 10, 25, 50, 75, 90, 95, 99):
        yield f"cut at {percent} %", token[: len(token) * percent // 100]
    for letters in (1, 2, 3, 4, 10):
        yield f"{letters} letters short", token[:-letters]
        yield f"{letters} letters late", token[letters:]
    # Lengths that base64 pads, or whose last letter has bits to spare.
    header, payload = (
        base64url(text + b" " * (-(len(text) - 1) % 3))
        for text in (compact(issuer.header), compact(issuer.claims))
    )
    yield "padding on the header", issuer.parts(f"{header}==", body)
    yield "padding on the payload", issuer.parts(head, f"{payload}==")
    spare = f"{payload[:-1]}{chr(ord(payload[-1]) + 1)}"
    yield "bits to spare in the payload", issuer.parts(head, spare)
    yield "a space in the payload", issuer.parts(head, f"{body[:8]} {body[8:]}")
    yield "a newline in the payload", issuer.parts(head, f"{body[:8]}\n{body[8:]}")
    standard = compact({**issuer.claims, "name": "???>>>???"})
    plain = b64encode(standard).decode().rstrip("=")
    assert set("+/") & set(plain)
    yield "the standard alphabet", issuer.parts(head, plain)


def oversized(issuer: Issuer) -> Variants:
    yield "64 KB of letters", "A" * 65_536
    yield "64 KB of dots", "." * 65_536
    yield "64 KB of payload", issuer.token(note="x" * 49_000)
    yield "64 KB of header", issuer.token({"kid": "x" * 49_000})
    yield "64 KB of signature", f"{issuer.good}{'A' * 64_000}"
    yield "64 KB of depth", issuer.raw(compact(issuer.header), b"[" * 24_000 + b"]" * 24_000)
    yield "8 KB", issuer.token(note="x" * 6_000)
    more = 4097 - len(issuer.token(note=""))
    yield "just too long", issuer.token(note="x" * -(-more * 3 // 4))
