"""Forged and odd tokens, each under a name: the battery of which no site may accept one.

Those that are signed with the issuer's own key are no forgeries but must be refused all the same:
a rule that holds only while the issuer makes no mistake is none.
"""

from tests.forged.claims import odd_claims
from tests.forged.headers import odd_headers
from tests.forged.issuer import Issuer
from tests.forged.signatures import confused, other_keys, unsigned
from tests.forged.texts import damaged, nonsense, odd_json, oversized

OF_ANY_TOKEN = (
    *(nonsense, unsigned, confused, other_keys),
    *(odd_headers, odd_json, damaged, oversized),
)


def forgeries(issuer: Issuer) -> dict[str, str]:
    """Return by name what is wrong with any kind of token; no two of them are the same text."""
    named = [pair for group in OF_ANY_TOKEN for pair in group(issuer)]
    found = dict(named)
    assert len(found) == len(set(found.values())) == len(named), "two variants are one and the same"
    return found


def battery(issuer: Issuer) -> dict[str, str]:
    """Return all that, and what is wrong with an access token."""
    found = forgeries(issuer)
    claims = dict(odd_claims(issuer))
    assert not set(found) & set(claims)
    assert not set(found.values()) & set(claims.values())
    return found | claims
