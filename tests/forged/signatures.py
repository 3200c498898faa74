"""Tokens of somebody else than the issuer: unsigned, by another method, or by another key."""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64decode
from itertools import product
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from tests.forged.issuer import Issuer, Variants, base64url, compact

SPKI, PKCS1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1


def unsigned(issuer: Issuer) -> Variants:
    signature = issuer.good.rsplit(".", 1)[1]
    spellings = ("none", "None", "NONE", "nOnE", "none ", " none", "none\0", "", "n\u043ene")
    others = {"missing": ..., "null": None, "zero": 0, "true": True, "a list": ["none"]}
    algs = {**{repr(word): word for word in spellings}, **others, "an object": {"alg": "none"}}
    for (name, alg), (how, end) in product(
        algs.items(), {"": "", ", with a signature": signature}.items()
    ):
        header = {k: v for k, v in {**issuer.header, "alg": alg}.items() if v is not ...}
        body = f"{base64url(compact(header))}.{base64url(compact(issuer.claims))}"
        yield f"alg {name}{how}", f"{body}.{end}"
    head = base64url(compact({"alg": "none"}))
    yield "alg none alone", f"{head}.{base64url(compact(issuer.claims))}."
    yield "alg none, two parts", f"{head}.{base64url(compact(issuer.claims))}"


def confused(issuer: Issuer) -> Variants:
    """Tokens authenticated with HMAC, keyed with what everybody knows: the public key."""
    public = issuer.key.public_key()
    jwk = {
        name: value
        for name, value in RSAAlgorithm.to_jwk(public, as_dict=True).items()
        if name in {"kty", "n", "e"}
    }
    pem = public.public_bytes(Encoding.PEM, SPKI)
    pem1 = public.public_bytes(Encoding.PEM, PKCS1)
    der = public.public_bytes(Encoding.DER, SPKI)
    published = {**jwk, "kid": issuer.kid, "use": "sig", "alg": "RS256"}
    secrets = {
        "SPKI PEM": pem,
        "SPKI PEM without its newline": pem.strip(),
        "SPKI PEM with CRLF": pem.replace(b"\n", b"\r\n"),
        "SPKI PEM on one line": pem.replace(b"\n", b""),
        "SPKI DER": der,
        "SPKI base64": b64encode(der),
        "PKCS1 PEM": pem1,
        "PKCS1 PEM without its newline": pem1.strip(),
        "PKCS1 DER": public.public_bytes(Encoding.DER, PKCS1),
        "OpenSSH line": public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        "JWK": compact(jwk),
        "JWK as published": json.dumps(published).encode(),
        "JWKS": json.dumps({"keys": [published]}).encode(),
        "modulus": urlsafe_b64decode(jwk["n"] + "=="),
        "modulus base64url": jwk["n"].encode(),
        "modulus hex": f"{public.public_numbers().n:x}".encode(),
        "key id": issuer.kid.encode(),
        "nothing": b"",
    }
    for (name, secret), bits in product(secrets.items(), (256, 384, 512)):
        head = base64url(compact({**issuer.header, "alg": f"HS{bits}"}))
        body = f"{head}.{base64url(compact(issuer.claims))}"
        mac = hmac.digest(secret, body.encode(), f"sha{bits}")
        yield f"HS{bits} with {name}", f"{body}.{base64url(mac)}"


def other_keys(issuer: Issuer) -> Variants:
    mine = {"kid": issuer.kid, "typ": issuer.typ}
    for alg in ("RS384", "RS512", "PS256", "PS384", "PS512"):
        yield f"{alg} with the issuer's key", jwt.encode(issuer.claims, issuer.key, alg, mine)
    curves = {
        "ES256": ec.SECP256R1(),
        "ES384": ec.SECP384R1(),
        "ES512": ec.SECP521R1(),
        "ES256K": ec.SECP256K1(),
    }
    for alg, curve in curves.items():
        key = ec.generate_private_key(curve)
        yield f"{alg} with a foreign key", jwt.encode(issuer.claims, key, alg, mine)
    ed = ed25519.Ed25519PrivateKey.generate()
    yield "EdDSA with a foreign key", jwt.encode(issuer.claims, ed, "EdDSA", mine)
    thief = rsa.generate_private_key(65537, 2048)
    for alg in ("RS256", "PS256"):
        yield f"{alg} with a foreign key", jwt.encode(issuer.claims, thief, alg, mine)
    theirs = {"kid": "thief", "typ": issuer.typ}
    yield "a foreign key under its name", jwt.encode(issuer.claims, thief, "RS256", theirs)
    own: dict[str, Any] = RSAAlgorithm.to_jwk(thief.public_key(), as_dict=True)
    der = b64encode(thief.public_key().public_bytes(Encoding.DER, SPKI)).decode()
    brought = {
        "jwk": own,
        "jwks": {"keys": [own]},
        "jku": "http://127.0.0.1:9/keys.json",
        "x5u": "http://127.0.0.1:9/certificate.pem",
        "x5c": [der],
        "x5t": base64url(hashlib.sha1(der.encode(), usedforsecurity=False).digest()),
        "x5t#S256": base64url(hashlib.sha256(der.encode()).digest()),
    }
    for name, value in brought.items():
        yield (
            f"a foreign key in {name}",
            jwt.encode(issuer.claims, thief, "RS256", {**mine, name: value}),
        )
    without_kid = {"typ": issuer.typ, "jwk": own}
    yield "a foreign key in jwk alone", jwt.encode(issuer.claims, thief, "RS256", without_kid)
    head, body, _ = issuer.good.split(".")
    pss = issuer.key.sign(
        f"{head}.{body}".encode(), padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
    )
    yield "PS256 that says RS256", f"{head}.{body}.{base64url(pss)}"
