"""Signed statements: where every chain of the ledger ends now, to hold the ledger to later.

`docs/statements.md` says what is in one, byte by byte; `docs/check_statement.py` checks one without
us. Kept elsewhere, it catches what the chains themselves cannot: a tail that was cut off, and a
ledger that was written anew from some line on.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from inventory_site.stock.models import StockLevel

FORMAT = "techstock-statement/1"
SIGNED = ("format", "site", "taken_at", "levels", "lines", "units", "digest")
"""The fields that are signed, one a line, in this order."""
HEAD = ("pk", "product__sku", "location__code", "seq", "on_hand", "head_hash")
TYPES = [int, str, str, int, int, str]
AT_ONCE = 2_000
"""Heads read, or compared, in one go: what bounds the memory."""
NAMED = 20
"""How many heads that are not there any more are named."""

type Head = list[Any]
"""Stock level, SKU, location, lines, on hand, and the hash of the last line in hexadecimal."""


class UnreadableStatement(Exception):
    """A file that cannot be read, or is no JSON."""


class BadStatement(Exception):
    """A statement that says nothing: changed, of another format, or signed with another key."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a statement and today's ledger compare; `faults` names the first heads that are gone."""

    taken_at: str
    levels: int
    missing: int
    faults: list[str]


def public_key() -> str:
    """Return the key that our statements are checked with, in base64."""
    return base64.b64encode(settings.STATEMENT_KEY.public_key().public_bytes_raw()).decode()


def statement() -> Iterator[bytes]:
    """Yield a signed statement of the ledger as it stands, as JSON.

    One query in one snapshot: movements go on meanwhile. Memory stays as it is, whatever the number
    of levels: the heads wait in a file until their digest is known.
    """
    with TemporaryFile() as heads:
        header = _taken(heads)
        signature = settings.STATEMENT_KEY.sign(signed_text(header))
        header |= {"public_key": public_key(), "signature": base64.b64encode(signature).decode()}
        yield json.dumps(header, indent=2)[:-2].encode() + b',\n  "heads": [\n'
        heads.seek(0)
        yield from iter(partial(heads.read, 65_536), b"")
        yield b"\n  ]\n}\n"


def signed_text(header: dict[str, Any]) -> bytes:
    """Return what the signature is of."""
    return "".join(f"{header[name]}\n" for name in SIGNED).encode()


def head_text(head: Head) -> bytes:
    """Return what the digest is of, for one head. No field has a blank or a line break in it."""
    return (" ".join(map(str, head)) + "\n").encode()


def _taken(file: IO[bytes]) -> dict[str, Any]:
    """Write the heads into `file`; return the fields to sign."""
    digest, levels, lines, units = hashlib.sha256(), 0, 0, 0
    taken_at = datetime.now(UTC)  # before the snapshot, so that what was there then is in it
    with transaction.atomic():
        found = StockLevel.objects.filter(seq__gt=0).order_by("pk").values_list(*HEAD)
        for *fields, last in found.iterator(chunk_size=AT_ONCE):
            head = [*fields, bytes(last).hex()]
            digest.update(head_text(head))
            file.write((b",\n" if levels else b"") + b"    " + json.dumps(head).encode())
            levels, lines, units = levels + 1, lines + head[3], units + head[4]
    said = (FORMAT, settings.PUBLIC_ORIGIN, f"{taken_at:%Y-%m-%dT%H:%M:%S.%fZ}", levels, lines)
    return dict(zip(SIGNED, (*said, units, digest.hexdigest()), strict=True))


def read(path: Path) -> Any:
    """Read what should be a statement; raises `UnreadableStatement`."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableStatement(f"it cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableStatement("it is no JSON") from error


def check(said: Any, key: str) -> None:
    """Check that a statement is whole and was signed with the key; raises `BadStatement`."""
    if not isinstance(said, dict) or not isinstance(said.get("heads"), list):
        raise BadStatement("this is no statement")
    if (kind := said.get("format")) != FORMAT:
        raise BadStatement(f"its format is {kind}, and this checks only {FORMAT}")
    if missing := [name for name in (*SIGNED, "public_key", "signature") if name not in said]:
        raise BadStatement(f"it says nothing of {', '.join(missing)}")
    try:
        signer = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except ValueError as error:
        raise BadStatement("the key is no Ed25519 public key in base64") from error
    if said["public_key"] != key:
        raise BadStatement(f"it was signed with another key: {said['public_key']}")
    try:
        signer.verify(base64.b64decode(said["signature"], validate=True), signed_text(said))
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BadStatement("its header was changed after it was signed") from error
    heads: list[Head] = said["heads"]
    if not all(isinstance(head, list) and [*map(type, head)] == TYPES for head in heads):
        raise BadStatement("its heads were changed after it was signed")
    digest = hashlib.sha256(b"".join(map(head_text, heads))).hexdigest()
    sums = (len(heads), sum(head[3] for head in heads), sum(head[4] for head in heads))
    if (digest, *sums) != tuple(said[name] for name in ("digest", "levels", "lines", "units")):
        raise BadStatement("its heads were changed after it was signed")


def compare(said: Any, key: str) -> Comparison:
    """Check a statement, and that each of its heads is still a line of that level's chain.

    Lines that came after it are fine. A head that is not there any more means that lines were cut
    off or written anew. Raises `BadStatement`.
    """
    check(said, key)
    faults: list[str] = []
    missing = 0
    for some in batched(said["heads"], AT_ONCE):
        found = _faults(some)
        missing += len(found)
        faults += found[: NAMED - len(faults)]
    return Comparison(said["taken_at"], said["levels"], missing, faults)


def _faults(heads: Iterable[Head]) -> list[str]:
    """Say of each head that is not on today's chain what became of it."""
    levels, skus, codes, seqs, balances, hashes = map(list, zip(*heads, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.level, s.sku, s.code, s.seq, s.on_hand, CASE
                WHEN l.id IS NULL THEN 'the stock level is gone'
                WHEN l.seq < s.seq THEN format('its chain was cut off after line %%s', l.seq)
                WHEN t.id IS NULL THEN 'that line is gone'
                WHEN encode(t.hash, 'hex') <> s.head THEN 'that line was written anew'
                ELSE format('the balance after that line is %%s now', t.balance_after) END
              FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                          %s::text[]) WITH ORDINALITY
                   AS s (level, sku, code, seq, on_hand, head, place)
              LEFT JOIN stock_level l ON l.id = s.level
              LEFT JOIN stock_transaction t ON t.level_id = s.level AND t.seq = s.seq
             WHERE (l.id, t.balance_after, encode(t.hash, 'hex'), l.seq >= s.seq)
                   IS DISTINCT FROM (s.level, s.on_hand, s.head, true)
             ORDER BY s.place
            """,
            [levels, skus, codes, seqs, balances, hashes],
        )
        return [
            f"stock level {level} ({sku} at {code}), line {seq}, {on_hand} on hand: {fault}"
            for level, sku, code, seq, on_hand, fault in cursor.fetchall()
        ]
