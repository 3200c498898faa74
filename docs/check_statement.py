"""Check a statement without TechStock and offline: `python check_statement.py FILE PUBLIC_KEY`.

Needs Python and its package `cryptography`. Get the public key from elsewhere than the file:
`export_heads --public-key` prints it. statements.md says what a good statement proves.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "techstock-statement/1"
SIGNED = ("format", "site", "taken_at", "levels", "lines", "units", "digest")


def fault_of(said: dict[str, Any], key: str) -> str:
    """Say what is wrong with a statement; empty when it is good."""
    if said["format"] != FORMAT:
        return f"its format is {said['format']}, and this checks only {FORMAT}"
    if said["public_key"] != key:
        return f"it was signed with another key: {said['public_key']}"
    header = "".join(f"{said[name]}\n" for name in SIGNED).encode()
    signer = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
    signer.verify(base64.b64decode(said["signature"]), header)
    text = "".join(" ".join(map(str, head)) + "\n" for head in said["heads"]).encode()
    sums = [len(said["heads"]), *(sum(head[n] for head in said["heads"]) for n in (3, 4))]
    if [hashlib.sha256(text).hexdigest(), *sums] != [said[n] for n in ("digest", *SIGNED[3:6])]:
        return "its heads were changed after it was signed"
    return ""


if __name__ == "__main__":
    try:
        statement = json.loads(Path(sys.argv[1]).read_bytes())
    except (IndexError, OSError, ValueError) as error:
        print("Unreadable:", error, file=sys.stderr)
        sys.exit(2)
    try:
        fault = fault_of(statement, sys.argv[2])
    except (InvalidSignature, ValueError):
        fault = "its header was changed after it was signed"
    except (LookupError, TypeError):
        fault = "this is no statement, or no key was given"
    print(f"BAD: {fault}" if fault else f"Good: {statement['site']} at {statement['taken_at']}")
    sys.exit(bool(fault))
