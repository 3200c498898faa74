"""Every route of a site, found by walking its URL resolver, and how each may be answered.

The tables themselves stand in `test_role_matrix.py` of each site.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANY = "ANY"
"""In a row: every method is answered alike."""
PUBLIC = "anyone"
"""In a row: no sign-in is needed."""
NOBODY = "nobody"
"""In a row: refused to every role."""

IN, REFUSED, NO_SUCH_METHOD = "in", "refused", "no such method"

type Row = Mapping[str, str]


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Return every route below `resolver` with its whole path, in the order of resolution."""
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        found += routes(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


def all_routes() -> dict[str, URLPattern]:
    """Return by path the route that answers it: the first one, where two have the same."""
    return dict(reversed(routes(get_resolver())))


def outcome(response: Any) -> str:
    """Say in a word how a request was received; a server error is none of these.

    How a refusal looks (a page, a redirect to the sign-in page, a problem document) is not told
    apart here: other tests do.
    """
    status, location = response.status_code, response.headers.get("Location", "")
    assert status < 500, (status, response.content[:500])
    doors = (f"{settings.LOGIN_URL}?", reverse("admin:login"))
    if status in {401, 403} or location.startswith(doors):
        return REFUSED
    return NO_SUCH_METHOD if status == 405 else IN


def expected(row: Row, method: str, role: str | None, ladder: list[str]) -> str:
    """Return the right outcome of `method` for `role` (None: not signed in) by a row's levels."""

    def admits(level: str | None) -> bool:
        if level == PUBLIC:
            return True
        return None not in (role, level) and level in ladder[: ladder.index(str(role)) + 1]

    levels = dict(row)
    name = "GET" if method == "HEAD" and method not in levels else method
    level = levels.get(name, levels.get(ANY)) or None
    if admits(level):
        return IN
    if level is None and any(map(admits, levels.values())):
        return NO_SUCH_METHOD
    return REFUSED
